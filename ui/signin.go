package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// keyringHint is when a keyring that does not answer is named: most
	// likely it waits for the person to unlock it.
	keyringHint     = time.Second
	keyringPatience = 90 * time.Second // longer than the store's own deadline
)

// attempt is a sign-in under way: the account and, once the hub gave it, the
// token, which is in no other place until it is kept or the session has it.
type attempt struct {
	number  int // of the attempt; what an earlier one brings is too late
	account credential.Account
	token   string
	user    wire.User
}

// askSignIn shows the sign-in form, with a sentence if something went wrong.
func (a *App) askSignIn(problem string) {
	a.attempt = attempt{number: a.attempt.number + 1}
	a.closeDialog()
	a.door.ask(problem)
	a.showView(a.door.root)
	a.showTray()
	a.Raise()
	a.window.Canvas().Focus(a.door.next())
}

// signIn trades the password for a token.
func (a *App) signIn(form signInForm) {
	hub, err := agent.NormalizeHub(form.hub)
	if err != nil {
		a.door.ask(sentenceOf(err))
		return
	}
	user := strings.TrimSpace(form.user)
	if user == "" || form.password == "" {
		a.door.ask(lang.T("Enter your user and your password."))
		a.window.Canvas().Focus(a.door.next())
		return
	}
	number := a.begin(credential.Account{Hub: hub, User: user})
	a.door.busy(lang.T("Signing in…"))
	network := a.settings.Network()
	a.background(signInPatience, func(ctx context.Context) func() {
		signed, err := a.opts.Hub.SignIn(ctx, network, hub, user, form.password)
		return func() {
			if a.attempt.number != number {
				return
			}
			if err != nil {
				a.opts.Logger.Warn("sign in failed", "hub", hub, "err", err)
				a.askSignIn(sentenceOf(err))
				return
			}
			a.door.password.SetText("")
			a.attempt.token, a.attempt.user = signed.Token, signed.User
			if form.stay {
				a.keepToken()
				return
			}
			a.enter(false)
		}
	})
}

// begin starts an attempt and returns its number.
func (a *App) begin(account credential.Account) int {
	a.attempt = attempt{number: a.attempt.number + 1, account: account}
	return a.attempt.number
}

// keepToken puts the token into the keyring, and goes on when it is there.
func (a *App) keepToken() {
	now := a.attempt
	a.door.busy(lang.T("Signing in…"))
	a.askKeyring(now.number, func(ctx context.Context) func() {
		err := a.opts.Store.Set(ctx, now.account, now.token)
		return func() {
			if err != nil {
				a.opts.Logger.Warn("keyring failed", "err", err)
				a.door.choose(sentenceOf(err))
				a.Raise()
				return
			}
			a.enter(true)
		}
	})
}

// resume signs in with the token that the keyring kept.
func (a *App) resume(account credential.Account) {
	number := a.begin(account)
	a.door.resume(lang.T("Signing in…"))
	a.askKeyring(number, func(ctx context.Context) func() {
		token, err := a.opts.Store.Get(ctx, account)
		return func() {
			if err != nil {
				a.opts.Logger.Warn("keyring failed", "err", err)
				a.askSignIn(sentenceOf(err))
				return
			}
			a.attempt.token = token
			a.enter(true)
		}
	})
}

// askKeyring runs ask off the main goroutine, says so when it takes long, and
// drops what it brings if the person went on meanwhile.
func (a *App) askKeyring(number int, ask func(context.Context) func()) {
	current := func(f func()) func() {
		return func() {
			if a.attempt.number == number {
				f()
			}
		}
	}
	answered := false
	a.background(keyringPatience, func(ctx context.Context) func() {
		hint := time.AfterFunc(keyringHint, func() {
			a.do(current(func() {
				if !answered {
					a.door.busy(lang.T("Waiting for your keyring…"))
				}
			}))
		})
		then := ask(ctx)
		hint.Stop()
		return current(func() {
			answered = true
			then()
		})
	})
}

// enter makes a session from the token of the attempt.
func (a *App) enter(kept bool) {
	now := a.attempt
	a.attempt = attempt{number: now.number + 1}
	a.settings.Remember(now.account, kept)
	a.open(now, kept)
}

// forget removes the account's token from the keyring. That there is none is
// what was wanted.
func (a *App) forget(account credential.Account, failed func(sentence string)) {
	a.background(keyringPatience, func(ctx context.Context) func() {
		err := a.opts.Store.Delete(ctx, account)
		return func() {
			if err != nil && !errors.Is(err, credential.ErrNotFound) {
				a.opts.Logger.Warn("keyring failed", "err", err)
				failed(sentenceOf(err))
			}
		}
	})
}
