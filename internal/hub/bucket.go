package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/calllog"
)

// bucket is a key-value bucket of the log that is read from memory: few things
// (users, queues, tokens) that every request needs.
type bucket[T any] struct {
	name string
	kv   jetstream.KeyValue

	mu      sync.RWMutex
	values  map[string]stored[T]
	removed map[string]uint64 // the revision that was removed here: an older one told late does not count
	version uint64            // counts the changes, for what is derived from all values
	changed func(key string)
	stamp   func(v *T, revision uint64) // has a value know its revision; nil: it need not
}

type stored[T any] struct {
	value    T
	revision uint64
}

const bucketTimeout = time.Minute

var (
	errExists  = errors.New("it is there already")
	errMissing = errors.New("it is not there")
)

// openBucket reads a whole bucket into memory and follows it until the context
// ends, so that what another hub writes is known here too.
func openBucket[T any](ctx context.Context, log *calllog.Log, name string, stamp func(*T, uint64)) (*bucket[T], error) {
	kv, err := log.Bucket(ctx, name)
	if err != nil {
		return nil, err
	}
	b := &bucket[T]{name: name, kv: kv, values: map[string]stored[T]{}, removed: map[string]uint64{}, stamp: stamp}
	watcher, err := kv.WatchAll(ctx)
	if err != nil {
		return nil, fmt.Errorf("watch bucket %s: %w", name, err)
	}
	late := time.After(bucketTimeout)
	for {
		select {
		case update, more := <-watcher.Updates():
			if !more {
				return nil, fmt.Errorf("read bucket %s: it ended early", name)
			}
			if update == nil { // all that was there has been read
				go b.follow(watcher)
				return b, nil
			}
			if err := b.see(update); err != nil {
				return nil, err
			}
		case <-late:
			return nil, fmt.Errorf("read bucket %s: it was not read within %v: start the hub again", name, bucketTimeout)
		}
	}
}

// follow ends when the watcher's context does: that closes Updates.
func (b *bucket[T]) follow(w jetstream.KeyWatcher) {
	for update := range w.Updates() {
		// A value that can't be read was refused when it was the first one;
		// a later one leaves the last good value standing.
		if err := b.see(update); err != nil {
			continue
		}
	}
}

func (b *bucket[T]) see(e jetstream.KeyValueEntry) error {
	if e.Operation() != jetstream.KeyValuePut {
		b.set(e.Key(), nil, e.Revision())
		return nil
	}
	var v T
	if err := json.Unmarshal(e.Value(), &v); err != nil {
		return fmt.Errorf("read %s of bucket %s: %w", e.Key(), b.name, err)
	}
	b.set(e.Key(), &v, e.Revision())
	return nil
}

// onChange has a function called after each change.
func (b *bucket[T]) onChange(f func(key string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed = f
}

// set applies a change unless a newer one is known; nil deletes.
func (b *bucket[T]) set(key string, v *T, revision uint64) {
	b.mu.Lock()
	newer := b.values[key].revision < revision && b.removed[key] < revision
	if newer {
		b.version++
		delete(b.removed, key)
		if v == nil {
			delete(b.values, key)
		} else {
			b.stamped(v, revision)
			b.values[key] = stored[T]{*v, revision}
		}
	}
	changed := b.changed
	b.mu.Unlock()
	if newer && changed != nil {
		changed(key)
	}
}

func (b *bucket[T]) stamped(v *T, revision uint64) {
	if b.stamp != nil {
		b.stamp(v, revision)
	}
}

func (b *bucket[T]) get(key string) (T, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s, ok := b.values[key]
	return s.value, ok
}

func (b *bucket[T]) all() []T {
	b.mu.RLock()
	defer b.mu.RUnlock()
	values := make([]T, 0, len(b.values))
	for _, s := range b.values {
		values = append(values, s.value)
	}
	return values
}

// create writes a new key, and has the value know its revision; errExists if it
// is there.
func (b *bucket[T]) create(ctx context.Context, key string, v *T) error {
	return b.write(key, v, func(data []byte) (uint64, error) {
		revision, err := b.kv.Create(ctx, key, data)
		if errors.Is(err, jetstream.ErrKeyExists) {
			return 0, errExists
		}
		return revision, err
	})
}

func (b *bucket[T]) put(ctx context.Context, key string, v T) error {
	return b.write(key, &v, func(data []byte) (uint64, error) { return b.kv.Put(ctx, key, data) })
}

func (b *bucket[T]) write(key string, v *T, do func([]byte) (uint64, error)) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s for bucket %s: %w", key, b.name, err)
	}
	revision, err := do(data)
	if err != nil {
		return fmt.Errorf("write %s to bucket %s: %w", key, b.name, err)
	}
	b.stamped(v, revision)
	b.set(key, v, revision)
	return nil
}

// update changes a value. If another writer was faster, it is read again and
// changed again. errMissing if it is not there.
func (b *bucket[T]) update(ctx context.Context, key string, change func(*T) error) (v T, err error) {
	for range maxTries {
		e, err := b.kv.Get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) || errors.Is(err, jetstream.ErrInvalidKey) {
			return v, errMissing
		}
		if err != nil {
			return v, fmt.Errorf("read %s of bucket %s: %w", key, b.name, err)
		}
		v = *new(T)
		if err := json.Unmarshal(e.Value(), &v); err != nil {
			return v, fmt.Errorf("read %s of bucket %s: %w", key, b.name, err)
		}
		b.stamped(&v, e.Revision())
		if err := change(&v); err != nil {
			return v, err
		}
		err = b.write(key, &v, func(data []byte) (uint64, error) { return b.kv.Update(ctx, key, data, e.Revision()) })
		if !errors.Is(err, jetstream.ErrKeyExists) { // that is how a late revision is told
			return v, err
		}
	}
	return v, fmt.Errorf("change %s of bucket %s: another change was faster %d times: try again", key, b.name, maxTries)
}

// remove deletes a key; one that is not there is no error.
func (b *bucket[T]) remove(ctx context.Context, key string) error {
	if err := b.kv.Delete(ctx, key); err != nil {
		return fmt.Errorf("delete %s from bucket %s: %w", key, b.name, err)
	}
	b.mu.Lock()
	b.version++
	if old, ok := b.values[key]; ok {
		b.removed[key] = old.revision
	}
	delete(b.values, key)
	changed := b.changed
	b.mu.Unlock()
	if changed != nil {
		changed(key)
	}
	return nil
}

// changes is how often the bucket has changed.
func (b *bucket[T]) changes() uint64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.version
}
