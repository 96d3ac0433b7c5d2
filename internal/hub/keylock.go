package hub

import "sync"

// keyLock is a lock per key that exists only while it is held or waited for.
type keyLock struct {
	mu   sync.Mutex
	held map[string]*heldKey
}

type heldKey struct {
	mu    sync.Mutex
	users int
}

func (k *keyLock) lock(key string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*heldKey{}
	}
	one := k.held[key]
	if one == nil {
		one = &heldKey{}
		k.held[key] = one
	}
	one.users++
	k.mu.Unlock()
	one.mu.Lock()
	return func() {
		one.mu.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(k.held, key)
		}
	}
}
