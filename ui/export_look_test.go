package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

// Sample is one of our widgets in one state, to look at.
type Sample struct {
	Name   string
	Object fyne.CanvasObject
}

// sampleNow is a moment at which it is 12:03 wherever the test runs.
var sampleNow = time.Date(2026, 3, 2, 12, 3, 0, 0, time.Local)

// Samples makes all samples, in the theme that is set.
func Samples() []Sample {
	return []Sample{
		{"text", sampleText()},
		{"countdown", sampleCountdown()},
		{"answers", sampleAnswers()},
		{"card", sampleCard()},
		{"card-recording", sampleRecording()},
		{"strip", sampleStrips()},
		{"tab", sampleTabs()},
		{"day", sampleDay()},
		{"details", sampleDetails()},
		{"popup-ringing", samplePopup(func(*popupState) {})},
		{"popup-late", samplePopup(func(s *popupState) {
			s.call.Late, s.call.Waiting = sampleNow, 2
			s.call.Until = sampleNow.Add(4 * time.Second)
			s.problem = "The hub did not answer. If the call is yours, it appears when the connection is back."
		})},
		{"popup-ended", samplePopupEnded()},
		{"tiles", sampleTiles()},
		{"queue", sampleQueue(func(_ *queueState, v *queueView) { v.call = "c1" })},
		{"queue-recording", sampleQueueRecording()},
		{"queue-stale", sampleQueue(func(s *queueState, v *queueView) {
			v.agent = "dora"
			v.bar.say("Dora Fischer is paused.", false)
			s.agent.Connection, s.floor.Heard = agent.Offline, s.now.Add(-time.Second)
		})},
		{"queue-empty", sampleQueue(func(s *queueState, _ *queueView) {
			s.floor.Calls, s.floor.Agents, s.floor.Numbers.Total = nil, nil, wire.WallboardNumbers{}
		})},
		{"wall", sampleWall()},
		{"trail", sampleTrail()},
	}
}

// framed puts objects below each other on the ground of the main window.
func framed(width float32, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newPanel(theme.ColorNameBackground, "", 0),
		inset(12, 12, container.New(fixedWidth(width), column(8, objects...))))
}

func sampleText() fyne.CanvasObject {
	return framed(240,
		newText("Maria Bianchi", textStyle{size: sizeCaller, bold: true}),
		newText("A topic that is long enough to wrap, and longer still, so that its end is left out", textStyle{lines: 2, width: 240}),
		newText("Waiting 1:24", textStyle{size: sizeCaption, color: colorMuted}))
}

func sampleCountdown() fyne.CanvasObject {
	full, half, hurried := newCountdown(), newCountdown(), newCountdown()
	full.Set(20*time.Second, 20*time.Second)
	half.Set(10*time.Second, 20*time.Second)
	hurried.Set(3*time.Second, 20*time.Second)
	return framed(200, full, half, hurried)
}

func sampleAnswers() fyne.CanvasObject {
	accept := newAnswerButton("Accept", theme.MediaVideoIcon(), widget.SuccessImportance, nil, nil)
	decline := newAnswerButton("Decline", theme.CancelIcon(), widget.DangerImportance, nil, nil)
	asked := newAnswerButton("Accepting…", theme.MediaVideoIcon(), widget.SuccessImportance, nil, nil)
	asked.Disable()
	buttons := func(o ...fyne.CanvasObject) fyne.CanvasObject {
		return container.New(tall{height: popupButtons, gap: 12, shares: []float32{2, 3}}, o...)
	}
	return framed(320, buttons(decline, accept), asked)
}

func sampleCard() fyne.CanvasObject {
	k := newCallCard(wire.Call{
		ID: "c1", Queue: "web", State: call.Accepted, Topic: "A question on an order",
		Customer: call.Customer{Name: "Maria Bianchi"}, Metadata: map[string]any{"language": "it", "order": "4711"},
		Link: "https://vidaoo.example/session/1", Accepted: wire.At(sampleNow.Add(-75 * time.Second)), Joined: true,
	}, cardActions{})
	k.tick(sampleNow)
	return framed(homeWidth-2*homeMargin, k.root)
}

// recordedCard is a call that is being recorded, of somebody with a long name.
func recordedCard() *callCard {
	k := newCallCard(wire.Call{
		ID: "c1", Queue: "customer service", State: call.Accepted, Topic: "A question on an order that was sent to the wrong address",
		Customer: call.Customer{Name: "Maximiliane von und zu Hohenlohe-Schillingsfürst-Waldenburg und zu Pyrmont"},
		Link:     "https://vidaoo.example/session/1", Accepted: wire.At(sampleNow.Add(-75 * time.Second)), Joined: true,
		MayRecord: true, Recordings: []wire.Recording{{ID: "r1", Started: wire.At(sampleNow.Add(-42 * time.Second)), By: "anna"}},
	}, cardActions{})
	k.tick(sampleNow)
	return k
}

func sampleRecording() fyne.CanvasObject {
	asking := newRecordButton(nil)
	asking.ask()
	off, done := newRecordingSign(), newRecordingSign()
	c := recordedCard().call
	c.Recordings[0].Stopped = wire.At(sampleNow)
	done.show(c, sampleNow)
	c.Recordings = nil
	off.show(c, sampleNow)
	return framed(homeWidth-2*homeMargin, recordedCard().root, card(row(8, off.root, done.root)), row(8, roomy(newRecordButton(nil)), roomy(asking)))
}

// CardWidths are the width that a card has in the main window as narrow as it
// opens, and those that a card needs which is recorded, and which asks how the
// call went.
func CardWidths() (has, buttons, asked float32) {
	k := recordedCard()
	buttons = k.root.MinSize().Width
	k.askFinish(true)
	return homeWidth - 2*homeMargin, buttons, k.root.MinSize().Width
}

func sampleStrips() fyne.CanvasObject {
	const width = 300
	warning := newStrip(colorCaution, theme.ColorNameWarning, theme.WarningIcon(), width)
	warning.say("The hub does not answer. Trying again in 8 s.")
	failure := newClosableStrip(colorAlert, theme.ColorNameError, theme.ErrorIcon(), width, nil)
	failure.say("The hub can't do that now.")
	return framed(width, warning.root, failure.root)
}

func sampleTabs() fyne.CanvasObject {
	chosen, other := newTab("Calls", nil), newTab("Last 24 hours  ·  2 missed calls", nil)
	chosen.choose(true)
	other.choose(false)
	return framed(300, container.NewHBox(chosen.root, other.root))
}

func sampleDay() fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, what := range []wire.DayWhat{wire.DayAnswered, wire.DayMissed, wire.DayDeclined} {
		row := newDayRow().(*dayRow)
		kept := recorded{is: what == wire.DayAnswered, all: 42 * time.Second}
		row.show(dayCall{what: what, at: sampleNow, kept: kept, call: notify.Call{ID: "c1", Queue: "web", Customer: "Maria Bianchi"}})
		rows = append(rows, row)
	}
	return framed(360, rows...)
}

func sampleDetails() fyne.CanvasObject {
	details := newDetailList(260, 6, 90)
	details.show([]notify.Detail{
		{Name: "language", Value: "it"}, {Name: "order", Value: "4711, which was sent to the wrong address"},
		{Name: "page", Value: "/checkout"}, {Name: "a longer name", Value: "x"}, {Name: "last", Value: "y"},
	})
	return framed(260, details.scroll)
}

func samplePopup(change func(*popupState)) fyne.CanvasObject {
	v := newPopupView(func(notify.Kind) {}, func(*fyne.KeyEvent) {})
	s := popupState{now: sampleNow, call: notify.Call{
		ID: "c1", Queue: "web", Topic: "A question on an order", Customer: "Maria Bianchi",
		Details:  []notify.Detail{{Name: "language", Value: "it"}, {Name: "page", Value: "/checkout"}},
		Received: sampleNow.Add(-84 * time.Second), Until: sampleNow.Add(14 * time.Second),
	}}
	v.showCall(s.call, 20*time.Second)
	change(&s)
	v.refresh(s)
	return v.root
}

func samplePopupEnded() fyne.CanvasObject {
	v := newPopupView(func(notify.Kind) {}, func(*fyne.KeyEvent) {})
	v.showEnding("Taken by Ben Weber", "Maria Bianchi", notify.Answered)
	return v.root
}
