package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/link"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

const (
	cardInner   = homeWidth - 2*homeMargin - 2*16
	cardDetails = 150 // the most height that metadata takes; the rest scrolls
)

// cardActions are what the buttons of a card do. They may take their time;
// what came of it is told with say.
type cardActions struct {
	open     func(id string)
	copy     func(id string)
	record   func(id string, on bool)
	asked    func(id string) // the card asks how the call went
	finish   func(id, disposition, note string)
	giveBack func(id string)
	putAway  func(id string) // a call that the customer ended
}

// callCard is a call that the agent has accepted.
type callCard struct {
	root fyne.CanvasObject
	call wire.Call

	since             *text
	address           *text
	open, copy, done  *widget.Button
	record            *recordButton
	recordBox         fyne.CanvasObject // holds it, hidden where nothing can be recorded
	recording         *recordingSign
	problem           *strip
	said              *text
	actions, finishes fyne.CanvasObject
	disposition       *widget.Select // what the queue lists; hidden if it lists nothing
	note              *noteEntry
	finish, giveBack  *widget.Button
	back              *widget.Button
	link              fyne.CanvasObject // the address
	left              bool              // the customer ended the call
}

func newCallCard(c wire.Call, do cardActions) *callCard {
	k := &callCard{
		call:    c,
		since:   newText("", textStyle{size: sizeCaption, color: colorMuted}),
		address: newText("", textStyle{}),
		problem: newStrip(colorAlert, theme.ColorNameError, theme.WarningIcon(), cardInner),
		said:    newText("", textStyle{size: sizeCaption, color: colorMuted}),
		note:    newNoteEntry(),

		recording: newRecordingSign(),
	}
	k.open = widget.NewButtonWithIcon(lang.T("Open"), theme.MediaVideoIcon(), func() { do.open(c.ID) })
	k.open.Importance = widget.HighImportance
	k.copy = widget.NewButtonWithIcon(lang.T("Copy"), theme.ContentCopyIcon(), func() { do.copy(c.ID) })
	k.record = newRecordButton(func(on bool) { do.record(c.ID, on) })
	k.done = widget.NewButtonWithIcon(lang.T("Finish"), theme.ConfirmIcon(), func() {
		k.askFinish(true)
		k.focusFinish()
		do.asked(c.ID)
	})
	k.disposition = widget.NewSelect(nil, nil)
	k.disposition.PlaceHolder = lang.T("How did it end? (optional)")
	k.finish = widget.NewButton(lang.T("Finish call"), func() {
		k.finish.Disable()
		do.finish(c.ID, k.disposition.Selected, k.note.Text)
	})
	k.finish.Importance = widget.HighImportance
	k.giveBack = widget.NewButton(lang.T("Return to queue"), func() {
		k.giveBack.Disable()
		do.giveBack(c.ID)
	})
	k.back = widget.NewButton(lang.T("Back"), func() {
		if k.left {
			do.putAway(c.ID)
			return
		}
		k.askFinish(false)
	})
	k.said.Hide()
	k.root = card(k.layout(describeCall(c)))
	k.update(c, time.Now())
	return k
}

func (k *callCard) layout(shown notify.Call) fyne.CanvasObject {
	queue := newText(shown.Queue, textStyle{size: sizeCaption, color: theme.ColorNamePrimary, bold: true, whole: true})
	who := newText(caller(shown), textStyle{size: sizeTitle, bold: true, lines: 2, width: cardInner - 90})
	head := container.NewBorder(nil, nil, nil, column(0, chip(queue)), who)
	parts := []fyne.CanvasObject{head, space(0, 2), k.since, container.New(above(8), k.recording.root)}
	if shown.Topic != "" {
		parts = append(parts, space(0, 10), newText(shown.Topic, textStyle{lines: 3, width: cardInner}))
	}
	if len(shown.Details) > 0 {
		details := newDetailList(cardInner, 6, cardDetails)
		details.show(shown.Details)
		parts = append(parts, space(0, 12), details.scroll)
	}
	k.link = container.New(above(14), k.layoutLink())
	parts = append(parts, k.link, container.New(above(10), k.problem.root), space(0, 10),
		k.layoutActions(), container.New(above(8), k.said))
	return column(0, parts...)
}

func (k *callCard) layoutLink() fyne.CanvasObject {
	name := newText(lang.T("Session link"), textStyle{size: sizeCaption, color: colorMuted, bold: true})
	return column(4, name, container.NewStack(newPanel(theme.ColorNameBackground, colorBorder, 7), inset(10, 7, k.address)))
}

func (k *callCard) layoutActions() fyne.CanvasObject {
	k.recordBox = roomy(k.record)
	k.actions = container.New(buttonLines{gap: 8, second: 2}, roomy(k.open), roomy(k.copy), k.recordBox, roomy(k.done))
	k.finishes = column(8, k.disposition, k.note, row(8, roomy(k.giveBack), layout.NewSpacer(), roomy(k.back), roomy(k.finish)))
	k.finishes.Hide()
	return container.NewStack(k.actions, k.finishes)
}

// takeOver keeps what the person wrote on the card that this one replaces.
func (k *callCard) takeOver(before *callCard) {
	k.note.SetText(before.note.Text)
	if slices.Contains(k.disposition.Options, before.disposition.Selected) {
		k.disposition.SetSelected(before.disposition.Selected)
	}
	k.askFinish(before.finishes.Visible())
	if before.record.asking {
		k.record.ask()
	}
}

// askFinish shows the note and the button that ends the call: the link goes
// with it, so one press is not enough.
func (k *callCard) askFinish(on bool) {
	if on {
		k.actions.Hide()
		k.finishes.Show()
		return
	}
	k.finishes.Hide()
	k.actions.Show()
}

// focusFinish gives the keyboard to the first of what is asked.
func (k *callCard) focusFinish() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(k.root)
	switch {
	case canvas == nil:
	case k.disposition.Visible():
		canvas.Focus(k.disposition)
	default:
		canvas.Focus(k.note)
	}
}

// offer lists the queue's dispositions; one that was chosen stays while it is
// listed.
func (k *callCard) offer(dispositions []string) {
	if slices.Equal(k.disposition.Options, dispositions) && k.disposition.Visible() == (len(dispositions) > 0) {
		return
	}
	k.disposition.Options = dispositions
	if !slices.Contains(dispositions, k.disposition.Selected) {
		k.disposition.ClearSelected()
	}
	k.disposition.Hidden = len(dispositions) == 0
	k.disposition.Refresh()
}

// update shows the call as it is now.
func (k *callCard) update(c wire.Call, now time.Time) {
	k.call = c
	k.tick(now)
	if c.State == call.Ended {
		k.showLeft()
		return
	}
	k.showRecord()
	k.address.SetText(c.Link)
	if err := link.Check(c.Link); err != nil {
		k.open.Disable()
		k.copy.Disable()
		k.problem.say(refusal(err))
		return
	}
	k.open.Enable()
	k.copy.Enable()
	k.problem.say("")
}

// showRecord offers to start or stop a recording where the hub would do it.
func (k *callCard) showRecord() {
	_, on := recordingOf(k.call)
	k.record.show(on)
	if may := mayRecord(k.call); may != k.recordBox.Visible() {
		k.recordBox.Show()
		if !may {
			k.recordBox.Hide()
		}
		k.actions.Refresh() // there are more lines, or fewer
	}
}

// recordAnswered says what went wrong with a recording's request, if something
// did.
func (k *callCard) recordAnswered(problem string) {
	k.record.answered()
	if k.update(k.call, time.Now()); problem != "" {
		k.problem.say(problem)
	}
}

// showLeft shows a call that the customer has ended: there is no link any more,
// but the agent may say how it went.
func (k *callCard) showLeft() {
	if k.left {
		return
	}
	k.left = true
	k.link.Hide()
	k.say("", false)
	k.problem.say("")
	k.giveBack.Hide()
	k.back.SetText(lang.T("Close"))
	k.finish.SetText(lang.T("Save"))
	k.askFinish(true)
}

// tick moves the clock of the call.
func (k *callCard) tick(now time.Time) {
	k.recording.show(k.call, now)
	accepted := k.call.Accepted.Time
	if k.call.State == call.Ended {
		words := lang.T("The customer has left") + between + clock(k.call.Ended.Sub(accepted))
		if r := recordedOf(k.call); r.is {
			words += between + r.words()
		}
		k.since.SetText(words)
		return
	}
	if accepted.IsZero() {
		k.since.SetText(lang.T("Accepted"))
		return
	}
	words := lang.T("Accepted at %s", accepted.Local().Format("15:04")) + between + clock(now.Sub(accepted))
	if k.call.Joined {
		words += between + lang.T("customer in the room")
	}
	k.since.SetText(words)
}

// say shows a sentence under the buttons: what was done, or what failed.
func (k *callCard) say(words string, failed bool) {
	k.finish.Enable()
	k.giveBack.Enable()
	if failed {
		k.problem.say(words)
		words = ""
	}
	k.said.SetText(words)
	k.said.Hidden = words == ""
}

// refusal says why a link is neither opened nor copied: an agent who copies a
// link pastes it into the browser, so that would be the same as opening it.
func refusal(err error) string {
	return lang.Sentence(err) + " " + lang.T("Deskbell does not open it. Finish the call and tell your administrator.")
}
