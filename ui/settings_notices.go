package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// layoutNotices are the settings of a supervisor's notices.
func (v *settingsView) layoutNotices() fyne.CanvasObject {
	words := map[wire.AlertKind]string{
		wire.AlertWaiting: lang.T("When a call waits too long"),
		wire.AlertNobody:  lang.T("When somebody waits and nobody is ready"),
		wire.AlertPayload: lang.T("When a webhook could not be used"),
	}
	var parts []fyne.CanvasObject
	for _, k := range alertKinds {
		check := widget.NewCheck(words[k.kind], func(on bool) { v.s.SetNotice(k.kind, on) })
		check.Checked = v.s.Notice(k.kind)
		parts = append(parts, checked(check, ""))
	}
	var times []string
	for _, minutes := range quietTimes {
		times = append(times, lang.N(minutes, "%d minute", "%d minutes", minutes))
	}
	quiet := widget.NewSelect(times, nil)
	quiet.SetSelectedIndex(slices.Index(quietTimes, int(v.s.NoticeQuiet()/time.Minute)))
	quiet.OnChanged = func(string) {
		v.s.SetNoticeQuiet(time.Duration(quietTimes[quiet.SelectedIndex()]) * time.Minute)
	}
	parts = append(parts, column(4, labelled(lang.T("Quiet for"), quiet),
		under(fieldIndent, lang.T("After a notice, no other one of its kind comes for the same queue for so long."))))
	return column(4, parts...)
}
