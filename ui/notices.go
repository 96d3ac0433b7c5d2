package ui

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// quietTimes are the choices of how long no notice of a kind comes again for the
// same queue, in minutes.
var quietTimes = []int{1, 5, 15}

const usualQuiet = 5

// alertKinds are what a supervisor may be told of by a notice, in the order of
// the settings, with the keys of the preferences.
var alertKinds = []struct {
	kind wire.AlertKind
	key  string
}{
	{wire.AlertWaiting, keyNoticeWaiting}, {wire.AlertNobody, keyNoticeNobody}, {wire.AlertPayload, keyNoticePayload},
}

// alertOf is a kind of alert of one queue.
type alertOf struct {
	kind  wire.AlertKind
	queue string
}

// alerted tells a supervisor by a notice of what needs somebody to act, unless
// that is set off or was told a short time ago.
func (a *App) alerted(in *signedIn, alert wire.Alert, now time.Time) {
	if !a.settings.Notice(alert.Kind) {
		return
	}
	of := alertOf{alert.Kind, alert.Queue}
	if last, told := in.alerts[of]; told && now.Sub(last) < a.settings.NoticeQuiet() {
		return
	}
	in.alerts[of] = now
	a.surfaces.Notice(lang.T("Deskbell: queue %s", alert.Queue), alertWords(alert))
}

// Notice tells whether alerts of a kind come as notices. One that this app does
// not know does.
func (s Settings) Notice(kind wire.AlertKind) bool {
	for _, k := range alertKinds {
		if k.kind == kind {
			return s.prefs.BoolWithFallback(k.key, true)
		}
	}
	return true
}

// SetNotice changes it.
func (s Settings) SetNotice(kind wire.AlertKind, on bool) {
	for _, k := range alertKinds {
		if k.kind == kind {
			s.prefs.SetBool(k.key, on)
		}
	}
}

// NoticeQuiet is how long no notice of a kind comes again for the same queue.
func (s Settings) NoticeQuiet() time.Duration {
	minutes := s.prefs.IntWithFallback(keyNoticeQuiet, usualQuiet)
	if !slices.Contains(quietTimes, minutes) {
		minutes = usualQuiet
	}
	return time.Duration(minutes) * time.Minute
}

// SetNoticeQuiet changes it.
func (s Settings) SetNoticeQuiet(d time.Duration) {
	s.prefs.SetInt(keyNoticeQuiet, int(d/time.Minute))
}
