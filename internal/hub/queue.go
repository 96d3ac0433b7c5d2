package hub

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// Queue is a queue with its Receive URL's secret.
type Queue struct {
	Name   string `json:"name"`
	Number int    `json:"number"` // for the Motion-shaped Receive URL
	Secret string `json:"secret"`
	routing.Options
	// Dispositions are those that Finish may take; without any, agents write
	// their own.
	Dispositions []string `json:"dispositions,omitempty"`
	// AllowFrom are the networks from which webhooks are taken; none: all.
	AllowFrom []netip.Prefix `json:"allow_from,omitempty"`
	// Map holds the fields of a payload whose paths are not the default ones.
	Map vidaoo.Mapping `json:"map,omitempty"`
	// LinkHosts are the hosts to which a session link may lead; none: all.
	LinkHosts []string `json:"link_hosts,omitempty"`
	// Forward is Motion's Receive URL, to which payloads that made a call go as
	// they came; without an address they go nowhere.
	Forward outbound.Target `json:"forward,omitzero"`
	// MotionURL is where Motion's REST is, to close the interactions of calls that
	// an agent of ours took; empty: they stay open.
	MotionURL         string `json:"motion_url,omitempty"`
	MotionDisposition string `json:"motion_disposition,omitempty"`
	// Recording lets agents record their calls, and DeleteMeeting has the meeting of
	// a call deleted at Vidaoo when its agent finishes it. Both need the API key.
	Recording     bool `json:"recording,omitempty"`
	DeleteMeeting bool `json:"delete_meeting,omitempty"`
	// Button is the web button; off by default.
	Button   Button `json:"button,omitzero"`
	Revision uint64 `json:"-"` // of the bucket: another one after each change
}

const (
	maxListed = 100 // entries of a list of a queue
	maxHost   = 253 // RFC 1035
)

// noQueue is the answer of administration to a queue that is not there.
var noQueue = notFound("There is no such queue: 'queue list' shows them.")

var (
	queueName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)
	hostName  = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
)

// mapping finds the fields of a payload.
func (q Queue) mapping() vidaoo.Mapping { return vidaoo.DefaultMapping().Override(q.Map) }

// takesFrom tells whether the queue takes webhooks from an address.
func (q Queue) takesFrom(source netip.Addr) bool {
	return len(q.AllowFrom) == 0 || slices.ContainsFunc(q.AllowFrom, func(p netip.Prefix) bool { return p.Contains(source) })
}

// checkHost refuses a session link that leads elsewhere than the queue allows.
func (q Queue) checkHost(link string) error {
	u, err := url.Parse(link)
	if len(q.LinkHosts) == 0 || err == nil && slices.Contains(q.LinkHosts, strings.ToLower(u.Hostname())) {
		return nil
	}
	return &call.Error{
		Code:    wire.CodeNoSessionLink,
		Message: "The session link leads to a host that this queue does not allow: an administrator allows it with 'queue set --link-hosts'.",
	}
}

// AddQueue makes a queue with a fresh secret.
func (d *Directory) AddQueue(ctx context.Context, q Queue) (Queue, error) {
	return d.addQueue(ctx, q, func(*Queue) error { return nil })
}

// addQueue makes a queue with the options that change asks for.
func (d *Directory) addQueue(ctx context.Context, q Queue, change func(*Queue) error) (Queue, error) {
	var name error
	if !queueName.MatchString(q.Name) {
		name = badField("name", "A queue's name is 1 to 40 letters, digits, - and _, beginning with a letter or digit: %q is not.", clean.Text(q.Name, maxName))
	}
	d.adding.Lock()
	defer d.adding.Unlock()
	if err := together(name, change(&q), d.checkQueue(&q)); err != nil {
		return q, err
	}
	for _, other := range d.queues.all() {
		if strings.EqualFold(other.Name, q.Name) {
			return q, exists("name", "There is a queue %s already: 'queue show %s' shows it, 'queue set %s' changes it.", other.Name, other.Name, other.Name)
		}
		q.Number = max(q.Number, other.Number)
	}
	q.Number++
	q.Secret = secret()
	err := d.queues.create(ctx, q.Name, &q)
	return q, err
}

// SetQueue changes a queue. What rings goes on as it is: a change counts from
// the next offer on.
func (d *Directory) SetQueue(ctx context.Context, name string, change func(*Queue) error) (Queue, error) {
	d.adding.Lock()
	defer d.adding.Unlock()
	return d.setQueue(ctx, name, change)
}

func (d *Directory) setQueue(ctx context.Context, name string, change func(*Queue) error) (Queue, error) {
	q, err := d.queues.update(ctx, name, func(q *Queue) error {
		return together(change(q), d.checkQueue(q))
	})
	if errors.Is(err, errMissing) {
		return q, noQueue
	}
	return q, err
}

// RemoveQueue removes a queue, and then takes it off its members and off the
// queues that overflow to it.
func (d *Directory) RemoveQueue(ctx context.Context, name string) error {
	d.adding.Lock()
	defer d.adding.Unlock()
	if _, ok := d.queues.get(name); !ok {
		return noQueue
	}
	if err := d.queues.remove(ctx, name); err != nil {
		return err
	}
	return d.tidy(ctx)
}

// checkQueue tells what is wrong with a queue, and tidies its lists.
func (d *Directory) checkQueue(q *Queue) error {
	wrong := []error{q.Check()}
	if q.Overflow != "" {
		if _, ok := d.queues.get(q.Overflow); !ok || q.Overflow == q.Name {
			wrong = append(wrong, badField("overflow", "Calls can't overflow to %q: name another queue that is there ('queue list').", q.Overflow))
		}
	}
	var err error
	q.Dispositions, err = words("disposition", q.Dispositions, maxDisposition, maxListed)
	wrong = append(wrong, ofField("dispositions", err))
	q.LinkHosts, err = words("host", q.LinkHosts, maxHost, maxListed)
	wrong = append(wrong, ofField("link_hosts", err))
	for i, host := range q.LinkHosts {
		q.LinkHosts[i] = strings.ToLower(host)
		if !hostName.MatchString(q.LinkHosts[i]) {
			wrong = append(wrong, badField("link_hosts", "%q is no host: write meet.example.com.", host))
		}
	}
	wrong = append(wrong, q.Button.check(), q.checkMotion())
	if len(q.AllowFrom) > maxListed {
		wrong = append(wrong, badField("allow_from", "A queue takes webhooks from at most %d networks: name larger ones.", maxListed))
	}
	return together(wrong...)
}

// RotateSecret gives a queue another Receive URL: the one that it had is worth
// nothing from now on.
func (d *Directory) RotateSecret(ctx context.Context, name string) (Queue, error) {
	return d.SetQueue(ctx, name, func(q *Queue) error {
		q.Secret = secret()
		return nil
	})
}

// words tidies a list that an administrator wrote: clean, each once.
func words(what string, list []string, max, most int) ([]string, error) {
	var tidy []string
	for _, word := range list {
		c := clean.Text(word, max+1)
		if c == "" {
			continue
		}
		if len([]rune(c)) > max {
			return nil, badRequest("The %s %q is too long: at most %d characters.", what, clean.Text(c, 40), max)
		}
		if !slices.Contains(tidy, c) {
			tidy = append(tidy, c)
		}
	}
	if len(tidy) > most {
		return nil, badRequest("That is more than %d entries of the kind %s: leave some out.", most, what)
	}
	return tidy, nil
}

// Queue finds a queue by name.
func (d *Directory) Queue(name string) (Queue, bool) { return d.queues.get(name) }

// offers tells whether a disposition is in a queue's list.
func (d *Directory) offers(queue, disposition string) bool {
	q, ok := d.Queue(queue)
	return ok && slices.Contains(q.Dispositions, disposition)
}

// Queues lists the queues by name.
func (d *Directory) Queues() []Queue {
	return sorted(d.queues.all(), func(q Queue) string { return q.Name })
}
