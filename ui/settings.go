package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/notify"
)

// The keys of the preferences. Fyne writes them in plain text and not
// atomically, so nothing secret and nothing precious is among them.
const (
	keyHub        = "hub"
	keyUser       = "user"
	keyStay       = "stay-signed-in"
	keyOpenAtOnce = "open-at-once"
	keyTone       = "tone" // whether the bell sounds
	keyToneName   = "tone-name"
	keyVolume     = "volume"
	keyLook       = "look"
	keyLanguage   = "language"
	keyPauseLock  = "pause-on-lock"
	keyBrowser    = "browser-command"
	keyCAFile     = "ca-file"
	keyProxy      = "proxy"
	keyPopupPlace = "popup-place"
	keyIdle       = "pause-after-idle-minutes"
	keyDetailed   = "detailed-log"
	keySoft       = "soft-in-call"
	keyHush       = "quiet-when-hidden"

	keyQueueSize   = "queue-size"
	keyQueueQueue  = "queue-filter-queue"
	keyQueueState  = "queue-filter-state"
	keyQueueColumn = "queue-sorted-by"
	keyQueueUp     = "queue-sorted-up"

	keyNoticeWaiting = "notice-waiting"
	keyNoticeNobody  = "notice-nobody"
	keyNoticePayload = "notice-payload"
	keyNoticeQuiet   = "notice-quiet-minutes"
)

// fullVolume is what a new installation rings with, from 0 to 1.
const fullVolume = 0.8

// Settings are what the app remembers on this computer.
type Settings struct{ prefs fyne.Preferences }

// Account is whose sign-in was the last; empty before the first.
func (s Settings) Account() credential.Account {
	return credential.Account{Hub: s.prefs.String(keyHub), User: s.prefs.String(keyUser)}
}

// StaySignedIn tells whether the account's token is in the keyring.
func (s Settings) StaySignedIn() bool { return s.prefs.Bool(keyStay) }

// Remember keeps the account for the next start.
func (s Settings) Remember(account credential.Account, stay bool) {
	s.prefs.SetString(keyHub, account.Hub)
	s.prefs.SetString(keyUser, account.User)
	s.prefs.SetBool(keyStay, stay)
}

// OpenAtOnce tells whether the session opens by itself once a call is accepted.
func (s Settings) OpenAtOnce() bool { return s.prefs.BoolWithFallback(keyOpenAtOnce, true) }

// SetOpenAtOnce changes it.
func (s Settings) SetOpenAtOnce(on bool) { s.prefs.SetBool(keyOpenAtOnce, on) }

// Tone tells whether the bell sounds.
func (s Settings) Tone() bool { return s.prefs.BoolWithFallback(keyTone, true) }

// SetTone changes it.
func (s Settings) SetTone(on bool) { s.prefs.SetBool(keyTone, on) }

// SoftInCall tells whether the bell beeps softly while the agent is in a call;
// otherwise it is silent then.
func (s Settings) SoftInCall() bool { return s.prefs.BoolWithFallback(keySoft, true) }

// SetSoftInCall changes it.
func (s Settings) SetSoftInCall(on bool) { s.prefs.SetBool(keySoft, on) }

// QuietWhenHidden tells whether the bell is silent while the system hides
// notifications.
func (s Settings) QuietWhenHidden() bool { return s.prefs.Bool(keyHush) }

// SetQuietWhenHidden changes it.
func (s Settings) SetQuietWhenHidden(on bool) { s.prefs.SetBool(keyHush, on) }

// ToneName is the ring tone.
func (s Settings) ToneName() notify.Tone {
	if t := notify.Tone(s.prefs.String(keyToneName)); slices.Contains(notify.Tones, t) {
		return t
	}
	return notify.Tones[0]
}

// SetToneName changes it.
func (s Settings) SetToneName(t notify.Tone) { s.prefs.SetString(keyToneName, string(t)) }

// Volume is how loud the bell is, from 0 to 1.
func (s Settings) Volume() float64 {
	return max(0, min(1, s.prefs.FloatWithFallback(keyVolume, fullVolume)))
}

// SetVolume changes it.
func (s Settings) SetVolume(v float64) { s.prefs.SetFloat(keyVolume, v) }

// Look is the look of the windows.
func (s Settings) Look() Look {
	switch l := Look(s.prefs.String(keyLook)); l {
	case LookLight, LookDark:
		return l
	default:
		return LookSystem
	}
}

// SetLook changes it.
func (s Settings) SetLook(l Look) { s.prefs.SetString(keyLook, string(l)) }

// Language is that of the windows and notifications as BCP 47 writes it; empty
// for the system's.
func (s Settings) Language() string { return s.prefs.String(keyLanguage) }

// SetLanguage changes it.
func (s Settings) SetLanguage(tag string) { s.prefs.SetString(keyLanguage, tag) }

// Browser is the command that opens sessions; empty for the system's browser.
func (s Settings) Browser() string { return s.prefs.String(keyBrowser) }

// SetBrowser changes it.
func (s Settings) SetBrowser(command string) { s.prefs.SetString(keyBrowser, command) }

// Network is the way to the hub.
func (s Settings) Network() agent.Network {
	return agent.Network{CAFile: s.prefs.String(keyCAFile), Proxy: s.prefs.String(keyProxy)}
}

// SetNetwork changes it.
func (s Settings) SetNetwork(n agent.Network) {
	s.prefs.SetString(keyCAFile, n.CAFile)
	s.prefs.SetString(keyProxy, n.Proxy)
}

// PauseOnLock tells whether the agent is paused when the screen is locked.
func (s Settings) PauseOnLock() bool { return s.prefs.Bool(keyPauseLock) }

// SetPauseOnLock changes it.
func (s Settings) SetPauseOnLock(on bool) { s.prefs.SetBool(keyPauseLock, on) }

// DetailedLog tells whether the log holds every step.
func (s Settings) DetailedLog() bool { return s.prefs.Bool(keyDetailed) }

// SetDetailedLog changes it.
func (s Settings) SetDetailedLog(on bool) { s.prefs.SetBool(keyDetailed, on) }
