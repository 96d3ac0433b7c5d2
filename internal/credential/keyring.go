package credential

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// The limits of a secret and of an account's name, in bytes. They are the same
// on every system, so that what works at one desk works at all: Windows takes
// secrets of 2,560 bytes, and the line of 4,096 bytes that go-keyring writes on
// macOS holds both, the secret as base64 and the name quoted.
const (
	maxSecret = 2048
	maxName   = 256
)

// Options are the patience of a [Keyring]. The zero value is the default.
type Options struct {
	// Deadline is how long one call may take, with the time in which the
	// person answers the prompt of a locked keyring; 60 s if zero.
	Deadline time.Duration
	// SlowAfter is when a call counts as slow; 1 s if zero.
	SlowAfter time.Duration
	// Slow is called once per slow call, on the goroutine of the caller, and
	// must return at once: a place to show "waiting for your keyring".
	Slow func()
}

// Keyring is the keyring of the operating system.
type Keyring struct {
	vault vault
	opts  Options
	turn  chan struct{} // a place for one: who is in may ask the vault
}

// vault is the keyring as the system gives it: it blocks, and may heed ctx or not.
type vault interface {
	get(ctx context.Context, name string) (string, error)
	set(ctx context.Context, name, secret string) error
	delete(ctx context.Context, name string) error
}

// NewKeyring returns the keyring of the operating system. It asks nothing of
// it yet, so it cannot fail.
func NewKeyring(opts Options) *Keyring {
	return newKeyring(system{}, opts)
}

func newKeyring(v vault, opts Options) *Keyring {
	if opts.Deadline == 0 {
		opts.Deadline = time.Minute
	}
	if opts.SlowAfter == 0 {
		opts.SlowAfter = time.Second
	}
	if opts.Slow == nil {
		opts.Slow = func() {}
	}
	return &Keyring{vault: v, opts: opts, turn: make(chan struct{}, 1)}
}

// Get returns the account's secret.
func (k *Keyring) Get(ctx context.Context, account Account) (string, error) {
	secret, err := k.ask(ctx, func(ctx context.Context) (string, error) {
		return k.vault.get(ctx, account.String())
	})
	if err != nil {
		return "", failure(Read, account, err)
	}
	return secret, nil
}

// Set keeps the secret, in place of the one before. After [TimedOut] and
// [Canceled] it may or may not be kept.
func (k *Keyring) Set(ctx context.Context, account Account, secret string) error {
	name := account.String()
	if len(secret) > maxSecret || len(name) > maxName {
		return &Error{Kind: TooBig, Op: Keep, Account: account}
	}
	_, err := k.ask(ctx, func(ctx context.Context) (string, error) {
		return "", k.vault.set(ctx, name, secret)
	})
	if err != nil {
		return failure(Keep, account, without(secret, err))
	}
	return nil
}

// Delete forgets the account's secret. After [TimedOut] and [Canceled] it may
// or may not be kept.
func (k *Keyring) Delete(ctx context.Context, account Account) error {
	_, err := k.ask(ctx, func(ctx context.Context) (string, error) {
		return "", k.vault.delete(ctx, account.String())
	})
	if err != nil {
		return failure(Forget, account, err)
	}
	return nil
}

// ask runs call in a goroutine when its turn comes and waits for the answer,
// but no longer than the deadline. The goroutine keeps the turn until call
// returns, so that a keyring that never answers costs one goroutine.
func (k *Keyring) ask(ctx context.Context, call func(context.Context) (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, k.opts.Deadline)
	defer cancel()
	slow := time.NewTimer(k.opts.SlowAfter)
	defer slow.Stop()

	type answer struct {
		secret string
		err    error
	}
	answered := make(chan answer, 1)
	turn := k.turn
	for {
		select {
		case turn <- struct{}{}:
			turn = nil
			go func() {
				defer func() { <-k.turn }()
				secret, err := unbroken(ctx, call)
				answered <- answer{secret, err}
			}()
		case a := <-answered:
			return a.secret, a.err
		case <-slow.C:
			k.opts.Slow()
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// unbroken turns a panic of the keyring library into an error: go-keyring
// dereferences nil when the bus closes while it waits, and a keyring that
// answers with an unexpected type must not take the bell down either.
func unbroken(ctx context.Context, call func(context.Context) (string, error)) (secret string, err error) {
	defer func() {
		switch broken := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("the keyring library broke off: %w", broken)
		default:
			err = fmt.Errorf("the keyring library broke off with a %T", broken)
		}
	}()
	return call(ctx)
}

// failure is the vault's error with the kind, the operation and the account.
func failure(op Op, account Account, err error) *Error {
	e := &Error{Kind: kindOf(err), Op: op, Account: account, Err: err}
	var named *Error
	if errors.As(err, &named) {
		e.Err = named.Err
	}
	return e
}

// without replaces an error whose text repeats the secret; a keyring service
// chooses the words of its errors freely.
func without(secret string, err error) error {
	if secret == "" || !strings.Contains(err.Error(), secret) {
		return err
	}
	return &Error{Kind: kindOf(err), Err: errors.New("the keyring's message is left out: it repeats the secret")}
}
