package hub

import (
	"cmp"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// sameCall is how long a session id (or link) names the same call.
const sameCall = 24 * time.Hour

// recent is a call that may be told again by its sender.
type recent struct {
	id       string
	received time.Time
	state    call.State
}

// remember keeps what tells a webhook that comes again.
func (l *live) remember(c call.Call) {
	now := l.now()
	if now.Sub(c.Received) < sameCall {
		l.recent[duplicateKey(c)] = recent{c.ID, c.Received, c.State}
		l.byLink[linkKey(c)] = duplicateKey(c)
		if c.Meeting != "" { // ours: nobody knows by which name its webhook tells of it
			l.alsoNamed(c, c.Meeting)
			l.alsoNamed(c, c.Link)
		}
	}
	if now.Sub(l.swept) > time.Hour {
		l.swept = now
		for key, r := range l.recent {
			if now.Sub(r.received) >= sameCall {
				delete(l.recent, key)
			}
		}
		l.tidyLinks()
	}
}

// tidyLinks drops links of calls that are not remembered any more.
func (l *live) tidyLinks() {
	for link, key := range l.byLink {
		if _, ok := l.recent[key]; !ok {
			delete(l.byLink, link)
		}
	}
}

// forget drops what is known of an ended call.
func (l *live) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, r := range l.recent {
		if r.id == id {
			delete(l.recent, key)
		}
	}
	l.tidyLinks()
	l.days.forget(id)
}

// forgetQueue drops what would tell a webhook of a removed queue as one that
// came before.
func (l *live) forgetQueue(queue string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key := range l.recent {
		if strings.HasPrefix(key, queue+"\x00") {
			delete(l.recent, key)
		}
	}
	l.tidyLinks()
}

// duplicateKey is what two webhooks of one call have in common: the queue and
// the session id, else the link.
func duplicateKey(c call.Call) string {
	return c.Queue + "\x00" + cmp.Or(c.Session, c.Link)
}

// alias has another session id, or the link, name a call too.
func (l *live) alias(c call.Call, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alsoNamed(c, name)
}

// alsoNamed is alias for who holds the lock. A name that is another call's stays
// that call's.
func (l *live) alsoNamed(c call.Call, name string) {
	key := c.Queue + "\x00" + name
	if r, known := l.recent[key]; name != "" && (!known || r.id == c.ID) {
		l.recent[key] = recent{c.ID, c.Received, c.State}
	}
}

// linkKey is what a webhook about a known call may have in common with it.
func linkKey(c call.Call) string { return c.Queue + "\x00" + c.Link }

// known finds the call that a webhook is about: by its session id, else by its
// link.
func (l *live) known(c call.Call) (recent, bool) {
	if r, ok := l.duplicate(c); ok {
		return r, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.recent[l.byLink[linkKey(c)]]
	return r, ok && c.Link != "" && c.Received.Sub(r.received) < sameCall
}

// duplicate finds the call that an earlier webhook made.
func (l *live) duplicate(c call.Call) (recent, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.recent[duplicateKey(c)]
	return r, ok && c.Received.Sub(r.received) < sameCall
}
