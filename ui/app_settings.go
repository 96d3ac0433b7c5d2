package ui

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

const (
	// sampleTime is how long the bell is heard when its sound was changed.
	sampleTime = 1500 * time.Millisecond
	// diagnosePatience bounds a test of the connection as a whole.
	diagnosePatience = 2 * time.Minute
)

// Autostart is the system's entry that starts Deskbell at login. Its errors are
// fit to be shown.
type Autostart interface {
	Enabled() (bool, error)
	Set(on bool) error
}

// openSettings shows the settings; the system is asked first whether Deskbell
// starts at login.
func (a *App) openSettings() {
	a.Raise()
	a.background(answerPatience, func(context.Context) func() {
		k := a.examineSettings()
		return func() {
			k.signedIn, k.supervises = a.inside != nil, a.mayWatch()
			a.showDialog(newSettingsDialog(newSettingsView(a.settings, a.settingsActions(), k), a.window))
		}
	})
}

// examineSettings asks the system for what the settings show.
func (a *App) examineSettings() (k known) {
	k.noAutostart = lang.T("Starting at login is not known of on this system.")
	if a.opts.Autostart != nil {
		var err error
		k.noAutostart = ""
		if k.startsAtLogin, err = a.opts.Autostart.Enabled(); err != nil {
			k.noAutostart = lang.Sentence(err)
		}
	}
	if a.opts.Screen == nil || a.opts.Screen.Err() != nil {
		k.noScreen = lang.T("This desktop does not tell when its screen is locked.")
	}
	k.noIdle = lang.T("This desktop does not tell for how long nobody has touched it.")
	if a.opts.Screen != nil {
		if _, known := a.opts.Screen.Idle(); known {
			k.noIdle = ""
		}
	}
	return k
}

func (a *App) settingsActions() settingsActions {
	return settingsActions{
		bell: a.tellBell, sound: a.applySound, hear: a.hear, look: a.applyLook, language: func() { a.reword(); a.openSettings() }, autostart: a.setAutostart,
		testRing: a.testRing, testConnect: a.testConnection, copy: a.copyDiagnostics,
		centerPopup: a.popup.Center, network: a.useNetwork, say: a.sayAnywhere, logging: a.applyLogging,
	}
}

// applySound has the bell sound as the settings say.
func (a *App) applySound() {
	if v, ok := a.opts.Ringer.(notify.Voice); ok {
		v.SetTone(a.settings.ToneName())
		v.SetVolume(a.settings.Volume())
	}
}

// hear lets the bell be heard for a moment, unless it rings.
func (a *App) hear() {
	if len(a.ringing.Calls) > 0 || a.sampling {
		return
	}
	a.sampling = true
	a.opts.Ringer.Start()
	time.AfterFunc(sampleTime, func() {
		a.do(func() {
			a.sampling = false
			if len(a.ringing.Calls) == 0 {
				a.opts.Ringer.Stop()
			}
		})
	})
}

// applyLook has all windows look as the settings say. A change draws all anew.
func (a *App) applyLook(l Look) {
	if s := a.opts.App.Settings(); s.Theme() != (Theme{Look: l}) {
		s.SetTheme(Theme{Look: l})
	}
}

func (a *App) setAutostart(on bool, failed func(sentence string)) {
	a.background(answerPatience, func(context.Context) func() {
		err := a.opts.Autostart.Set(on)
		return func() {
			if err != nil {
				a.opts.Logger.Warn("start at login not changed", "err", err)
				failed(lang.Sentence(err))
			}
		}
	})
}

// useNetwork has Deskbell go another way to the hub from now on, without signing
// out. A way that can't be gone changes nothing, and is told to done.
func (a *App) useNetwork(n agent.Network, done func(problem string)) {
	a.background(answerPatience, func(context.Context) func() {
		err := n.Check() // which reads a file
		return func() {
			if err != nil {
				a.opts.Logger.Info("network settings not used", "err", err)
				done(sentenceOf(err))
				return
			}
			a.settings.SetNetwork(n)
			if a.inside != nil {
				a.inside.session.SetNetwork(n)
			}
			done("")
		}
	})
}

// sayAnywhere shows a failure in the main window, whoever is signed in.
func (a *App) sayAnywhere(problem string) {
	if a.inside == nil {
		a.door.ask(problem)
		return
	}
	a.say(problem)
}

// applyLogging has the log hold as much as the settings say.
func (a *App) applyLogging() {
	if a.opts.LogLevel == nil {
		return
	}
	level := slog.LevelInfo
	if a.settings.DetailedLog() {
		level = slog.LevelDebug
	}
	a.opts.LogLevel.Set(level)
}

// testConnection tries the way to the hub step by step.
func (a *App) testConnection(n agent.Network, tell func(agent.Step), done func()) {
	o := agent.DiagnoseOptions{Hub: a.settings.Account().Hub, Network: n}
	if a.inside != nil {
		o.Hub, o.Token = a.inside.account.Hub, a.inside.token
	}
	o.Tell = func(s agent.Step) {
		if s.Cause != nil {
			a.opts.Logger.Info("connection test", "step", s.Name, "outcome", string(s.Outcome), "err", s.Cause)
		}
		a.do(func() { tell(s) })
	}
	a.background(diagnosePatience, func(ctx context.Context) func() {
		a.opts.Diagnose(ctx, o)
		return done
	})
}

// copyDiagnostics puts what an administrator needs into the clipboard: no
// password, token, link or word of a caller.
func (a *App) copyDiagnostics() {
	var b strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&b, "%s: %v\n", name, value) }
	line("Deskbell", a.opts.Version)
	line("system", runtime.GOOS+"/"+runtime.GOARCH)
	line("time", time.Now().Format(time.RFC3339))
	if in := a.inside; in != nil {
		line("hub", in.account.Hub)
		line("connection", in.state.Connection)
		line("problem", in.state.Problem)
		line("presence", in.state.Presence.State)
		line("queues", strings.Join(queueNames(in.state), ", "))
		line("calls that ring", len(in.state.Offers))
		line("token in the keyring", in.kept)
	} else {
		line("hub", a.settings.Account().Hub)
		line("connection", "not signed in")
	}
	line("bell", fmt.Sprintf("on %v, tone %s, volume %.2f", a.settings.Tone(), a.settings.ToneName(), a.settings.Volume()))
	n := a.settings.Network()
	line("extra CA file", n.CAFile != "")
	line("proxy of its own", n.Proxy != "")
	for words := range a.failures {
		line("surface", words)
	}
	line("log", a.opts.LogFile)
	line("log in detail", a.settings.DetailedLog())
	line("bell in a call", a.settings.SoftInCall())
	line("quiet in do-not-disturb", a.settings.QuietWhenHidden())
	line("paused when idle for", a.settings.PauseWhenIdle())
	line("paused on lock", a.settings.PauseOnLock())
	a.opts.App.Clipboard().SetContent(b.String())
	a.say(lang.T("The diagnostics are in the clipboard."))
}
