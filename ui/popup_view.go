package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

const (
	popupWidth   = 440
	popupMargin  = 22
	popupInner   = popupWidth - 2*popupMargin
	popupDetails = 180 // the most height that metadata takes; the rest scrolls
	popupButtons = 54
)

// popupState is what the pop-up shows of a call, as of one moment.
type popupState struct {
	call     notify.Call
	now      time.Time
	asked    notify.Kind
	problem  string
	silenced bool
	again    bool   // D was pressed once
	earlier  string // how the call before ended
	held     bool   // the buttons wait a moment
}

// popupView are the widgets of the pop-up: a call that rings, or how one ended.
type popupView struct {
	root *fyne.Container

	ringing         fyne.CanvasObject
	queue, more     *text
	who, topic      *text
	waiting         *text
	waitIcon        *widget.Icon
	late            bool // the waiting time is shown as too long
	details         *detailList
	bar             *countdown
	left            *text
	accept, decline *answerButton
	hint            *text
	of              time.Duration // the whole countdown

	ended             fyne.CanvasObject
	endIcon           *widget.Icon
	endTitle, endName *text
}

func newPopupView(press func(notify.Kind), typed func(*fyne.KeyEvent)) *popupView {
	v := &popupView{
		queue:   newText("", textStyle{size: sizeCaption, color: theme.ColorNamePrimary, bold: true, whole: true}),
		more:    newText("", textStyle{size: sizeCaption, color: colorMuted, bold: true, whole: true}),
		who:     newText("", textStyle{size: sizeCaller, bold: true, lines: 2, width: popupInner}),
		topic:   newText("", textStyle{lines: 3, width: popupInner}),
		waiting: newText("", textStyle{color: colorMuted, whole: true}),
		left:    newText("", textStyle{bold: true, whole: true}),
		hint:    newText("", textStyle{size: sizeCaption, color: colorMuted, lines: 4, width: popupInner, align: fyne.TextAlignCenter}),
		bar:     newCountdown(),
		details: newDetailList(popupInner, 8, popupDetails),
	}
	v.accept = newAnswerButton(lang.T("Accept"), theme.MediaVideoIcon(), widget.SuccessImportance,
		func() { press(notify.PressedAccept) }, typed)
	v.decline = newAnswerButton(lang.T("Decline"), theme.CancelIcon(), widget.DangerImportance,
		func() { press(notify.PressedDecline) }, typed)
	v.ringing = v.layoutRinging()
	v.ended = v.layoutEnded()
	// The width is never less, so that texts wrap as they will be seen.
	v.root = container.NewStack(newPanel(colorPanel, "", 0), space(popupWidth, 0), v.ringing, v.ended)
	v.ended.Hide()
	return v
}

func (v *popupView) layoutRinging() fyne.CanvasObject {
	head := container.NewBorder(nil, nil, chip(v.queue), centerY(v.more))
	v.waitIcon = widget.NewIcon(theme.HistoryIcon())
	waiting := row(6, container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(16)), v.waitIcon), v.waiting)
	left := container.NewBorder(nil, nil, nil, container.NewHBox(space(6, 0), v.left), centerY(v.bar))
	buttons := container.New(tall{height: popupButtons, gap: 12, shares: []float32{2, 3}}, v.decline, v.accept)
	return inset(popupMargin, 20, column(0,
		head, space(0, 12), v.who, space(0, 4), v.topic, space(0, 10), waiting,
		container.New(above(14), v.details.scroll), space(0, 14), left, space(0, 14), buttons, space(0, 12), v.hint))
}

func (v *popupView) layoutEnded() fyne.CanvasObject {
	v.endIcon = widget.NewIcon(theme.InfoIcon())
	icon := container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(40)), v.endIcon)
	v.endTitle = newText("", textStyle{size: sizeTitle, bold: true, lines: 2, width: popupInner, align: fyne.TextAlignCenter})
	v.endName = newText("", textStyle{color: colorMuted, lines: 2, width: popupInner, align: fyne.TextAlignCenter})
	return inset(popupMargin, 32, column(0,
		container.NewCenter(icon), space(0, 14), v.endTitle, space(0, 6), v.endName))
}

// showCall lays out a call whose countdown is left long.
func (v *popupView) showCall(c notify.Call, left time.Duration) {
	v.of = left
	v.queue.SetText(c.Queue)
	v.who.SetText(caller(c))
	v.topic.SetText(c.Topic)
	v.topic.Hidden = c.Topic == ""
	v.details.show(c.Details)
	v.ended.Hide()
	v.ringing.Show()
}

// showEnding says how a call ended.
func (v *popupView) showEnding(title, name string, reason notify.Reason) {
	icon := theme.InfoIcon()
	if reason == notify.Answered {
		icon = theme.ConfirmIcon()
	}
	v.endIcon.SetResource(theme.NewColoredResource(icon, theme.ColorNamePrimary))
	v.endTitle.SetText(title)
	v.endName.SetText(name)
	v.ringing.Hide()
	v.ended.Show()
}

// refresh shows what changes while a call rings.
func (v *popupView) refresh(s popupState) {
	v.more.SetText(others(s.call.Waiting))
	v.refreshWaiting(s)
	left := max(s.call.Until.Sub(s.now), 0)
	v.bar.Set(left, v.of)
	v.left.SetText(seconds(left))
	v.refreshButtons(s)
	v.refreshHint(s)
}

// refreshWaiting shows how long the caller waits, and by words, picture and
// colour when that is too long.
func (v *popupView) refreshWaiting(s popupState) {
	words := lang.T("Waiting %s", clock(waited(s.call, s.now)))
	late := !s.call.Late.IsZero() && !s.now.Before(s.call.Late)
	if late {
		words += between + lang.T("too long")
	}
	v.waiting.SetText(words)
	if late == v.late {
		return
	}
	v.late = late
	if late {
		v.waiting.SetColor(theme.ColorNameWarning)
		v.waitIcon.SetResource(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning))
		return
	}
	v.waiting.SetColor(colorMuted)
	v.waitIcon.SetResource(theme.HistoryIcon())
}

func (v *popupView) refreshButtons(s popupState) {
	accept, decline := lang.T("Accept"), lang.T("Decline")
	switch s.asked {
	case notify.PressedAccept:
		accept = lang.T("Accepting…")
	case notify.PressedDecline:
		decline = lang.T("Declining…")
	}
	v.accept.set(accept, s.asked == "" && !s.held)
	v.decline.set(decline, s.asked == "" && !s.held)
}

func (v *popupView) refreshHint(s popupState) {
	switch {
	case s.problem != "":
		v.hint.SetColor(theme.ColorNameError)
		v.hint.SetText(s.problem)
	case s.again:
		v.hint.SetColor(theme.ColorNameWarning)
		v.hint.SetText(lang.T("Press D once more to decline."))
	case s.earlier != "":
		v.hint.SetColor(colorMuted)
		v.hint.SetText(lang.T("The call before: %s", s.earlier))
	case s.silenced:
		v.hint.SetColor(colorMuted)
		v.hint.SetText(lang.T("Silenced. The caller still waits for an answer."))
	default:
		v.hint.SetColor(colorMuted)
		v.hint.SetText(lang.T("Enter accepts  ·  D twice declines  ·  Esc silences the bell"))
	}
}

// focused is the answer of the button that has the focus, or empty.
func (v *popupView) focused(o fyne.Focusable) notify.Kind {
	switch o {
	case v.accept:
		return notify.PressedAccept
	case v.decline:
		return notify.PressedDecline
	default:
		return ""
	}
}

// others says how many calls ring behind the one that is shown.
func others(n int) string {
	if n == 0 {
		return ""
	}
	return lang.N(n, "+%d more waiting", "+%d more waiting", n)
}

// answerButton is a button that leaves its keys to the pop-up, which knows
// whether they may count.
type answerButton struct {
	widget.Button

	typed func(*fyne.KeyEvent)
}

func newAnswerButton(words string, icon fyne.Resource, importance widget.Importance, tapped func(), typed func(*fyne.KeyEvent)) *answerButton {
	b := &answerButton{typed: typed}
	b.Text, b.Icon, b.Importance, b.OnTapped = words, icon, importance, tapped
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer is a button's, with larger words. A theme of its own for the
// buttons would do, too, but Fyne reads every font once more for each.
func (b *answerButton) CreateRenderer() fyne.WidgetRenderer {
	r := b.Button.CreateRenderer()
	for _, o := range r.Objects() {
		if words, is := o.(*widget.RichText); is {
			words.Segments[0].(*widget.TextSegment).Style.SizeName = sizeAnswer
		}
	}
	return r
}

// TypedKey hands the key to the pop-up.
func (b *answerButton) TypedKey(key *fyne.KeyEvent) { b.typed(key) }

// set changes what the button says and whether it can be pressed.
func (b *answerButton) set(words string, enabled bool) {
	if b.Text != words {
		b.SetText(words)
	}
	switch {
	case enabled && b.Disabled():
		b.Enable()
	case !enabled && !b.Disabled():
		b.Disable()
	}
}
