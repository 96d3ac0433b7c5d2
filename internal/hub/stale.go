package hub

import "sync"

// stale is what has changed in the directory and was not looked at yet. A
// thousand users that are imported cost a few looks and not a thousand.
type stale struct {
	mu    sync.Mutex
	all   bool
	users map[string]bool
}

// userChanged has decided about anew, soon, what a user has to do with.
func (l *live) userChanged(username string) {
	l.stale.mu.Lock()
	if l.stale.users == nil {
		l.stale.users = map[string]bool{}
	}
	l.stale.users[username] = true
	l.stale.mu.Unlock()
	l.wake()
}

// directoryChanged has everything decided about anew, soon.
func (l *live) directoryChanged() {
	l.stale.mu.Lock()
	l.stale.all = true
	l.stale.mu.Unlock()
	l.wake()
}

// refresh looks at what has changed in the directory. The lock is held.
func (l *live) refresh() {
	l.stale.mu.Lock()
	all, users := l.stale.all, l.stale.users
	l.stale.all, l.stale.users = false, nil
	l.stale.mu.Unlock()
	if all {
		l.floor.TouchAll(l.now())
		return
	}
	for name := range users {
		l.floor.TouchUser(name, l.now())
	}
}
