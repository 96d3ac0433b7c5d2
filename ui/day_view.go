package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// dayView is the list of the agent's last calls with a search.
type dayView struct {
	root   fyne.CanvasObject
	search *widget.Entry
	list   *widget.List
	empty  *text

	day   *day
	found []dayCall
}

func newDayView(d *day) *dayView {
	v := &dayView{day: d, search: widget.NewEntry()}
	v.search.SetPlaceHolder(lang.T("Search name, topic, queue…"))
	v.search.OnChanged = func(string) { v.refresh() }
	v.list = widget.NewList(func() int { return len(v.found) }, newDayRow, func(i widget.ListItemID, o fyne.CanvasObject) {
		o.(*dayRow).show(v.found[i])
	})
	v.list.HideSeparators = true
	v.list.OnSelected = func(widget.ListItemID) { v.list.UnselectAll() }
	v.empty = newText("", textStyle{color: colorMuted, align: fyne.TextAlignCenter, lines: 3, width: 300})
	top := inset(homeMargin, 12, container.NewStack(v.search))
	v.root = container.NewBorder(top, nil, nil, nil, container.NewStack(v.list, container.NewCenter(container.New(fixedWidth(300), v.empty))))
	v.refresh()
	return v
}

// refresh shows what the search finds.
func (v *dayView) refresh() {
	v.found = v.day.find(v.search.Text)
	words := ""
	switch {
	case len(v.found) > 0:
	case strings.TrimSpace(v.search.Text) != "":
		words = lang.T("No call of the last 24 hours has these words.")
	default:
		words = lang.T("No calls in the last 24 hours. Those you take or miss appear here.")
	}
	v.empty.SetText(words)
	v.list.Refresh()
}

// dayRow is one call: what became of it as a picture and in words, who called,
// and when.
type dayRow struct {
	widget.BaseWidget

	icon          *widget.Icon
	who, what, at *text
	content       fyne.CanvasObject
}

func newDayRow() fyne.CanvasObject {
	r := &dayRow{
		icon: widget.NewIcon(theme.InfoIcon()),
		who:  newText("", textStyle{bold: true}),
		what: newText("", textStyle{size: sizeCaption, color: colorMuted}),
		at:   newText("", textStyle{size: sizeCaption, color: colorMuted, whole: true}),
	}
	icon := container.New(tall{height: 36, shares: []float32{1}}, container.NewStack(space(22, 22), r.icon))
	r.content = inset(homeMargin, 6, container.NewBorder(nil, nil, row(10, icon, space(0, 0)), centerY(container.NewHBox(space(4, 0), r.at)), centerY(column(1, r.who, r.what))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's way to draw the widget.
func (r *dayRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

func (r *dayRow) show(c dayCall) {
	picture, colour := theme.InfoIcon(), fyne.ThemeColorName(colorMuted)
	switch c.what {
	case wire.DayAnswered:
		picture, colour = theme.ConfirmIcon(), theme.ColorNameSuccess
	case wire.DayMissed:
		picture, colour = theme.WarningIcon(), theme.ColorNameError
	case wire.DayDeclined, wire.DayCanceled:
		picture = theme.CancelIcon()
	case wire.DayReturned:
		picture = theme.MailReplyIcon()
	}
	r.icon.SetResource(theme.NewColoredResource(picture, colour))
	r.who.SetText(caller(c.call))
	parts := []string{dayWords(c)}
	if c.kept.is {
		parts = append(parts, c.kept.words())
	}
	parts = append(parts, c.call.Queue)
	if c.call.Topic != "" {
		parts = append(parts, c.call.Topic)
	}
	r.what.SetText(strings.Join(parts, between))
	r.at.SetText(c.at.Local().Format("15:04"))
}

// missedWords counts missed calls, for the tab and the tray's menu; empty for
// none.
func missedWords(n int) string {
	if n == 0 {
		return ""
	}
	return lang.N(n, "%d missed call", "%d missed calls", n)
}
