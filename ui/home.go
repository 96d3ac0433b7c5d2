package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	homeWidth  = 460
	homeHeight = 600
	homeMargin = 18
	maxName    = 60 // characters of a display name
)

// homeState is what the main window shows of a signed-in agent.
type homeState struct {
	agent   agent.State
	left    []wire.Call // own calls that the customer ended, to say how they went
	ringing Ringing
	problem string // a failure of something the agent asked for
	missed  int    // calls that the agent has not looked at
	now     time.Time
}

// homeActions are what the main window does.
type homeActions struct {
	cardActions
	setPresence    func(state call.PresenceState, reason string)
	showRinging    func()
	showDay        func(bool)
	dismissProblem func()
	showMenu       func(below fyne.CanvasObject)
	showChoice     func(menu *fyne.Menu, below fyne.CanvasObject)
}

// homeView are the widgets of the main window while somebody is signed in.
type homeView struct {
	root fyne.CanvasObject
	do   homeActions

	name, presence *text
	dot            *panel
	toggle         *widget.Button
	menu           *iconButton
	wants          call.PresenceState // what toggle asks for
	reasons        []string           // those for a pause

	offline *strip
	problem *strip

	ringing     fyne.CanvasObject
	ringingWho  *text
	ringingMore *text

	now, last *tab // the agent's calls, the last ones
	day       *dayView
	current   fyne.CanvasObject // what the first tab shows

	empty                 fyne.CanvasObject
	emptyTitle, emptyText *text
	list                  *fyne.Container
	scroll                *container.Scroll
	cards                 []*callCard
}

func newHomeView(do homeActions, d *day) *homeView {
	const inner = homeWidth - 2*homeMargin
	v := &homeView{
		do:       do,
		name:     newText("", textStyle{size: sizeTitle, bold: true}),
		presence: newText("", textStyle{color: colorMuted}),
		dot:      newPanel(colorMuted, "", 5),
		offline:  newStrip(colorCaution, theme.ColorNameWarning, theme.WarningIcon(), inner),
		list:     column(12),
		day:      newDayView(d),
	}
	v.now = newTab(lang.T("Calls"), func() { do.showDay(false) })
	v.last = newTab(lang.T("Last 24 hours"), func() { do.showDay(true) })
	v.problem = newClosableStrip(colorAlert, theme.ColorNameError, theme.ErrorIcon(), inner, do.dismissProblem)
	v.toggle = widget.NewButton(lang.T("Pause"), func() { v.choosePresence() })
	v.menu = newIconButton(lang.T("Menu"), theme.MoreVerticalIcon(), func() { do.showMenu(v.menu) })
	v.scroll = container.NewVScroll(inset(homeMargin, homeMargin, v.list))
	v.root = v.layout()
	return v
}

func (v *homeView) layout() fyne.CanvasObject {
	dot := container.New(tall{height: 10, shares: []float32{1}}, container.NewStack(space(10, 10), v.dot))
	state := container.NewBorder(nil, nil, container.NewHBox(centerY(dot), space(2, 0)), nil, v.presence)
	buttons := container.NewHBox(centerY(roomy(v.toggle)), centerY(v.menu))
	// The state has a line to itself: in other languages a pause with its reason is long.
	who := column(0, container.NewBorder(nil, nil, nil, buttons, centerY(v.name)), state)
	tabs := container.NewHBox(v.now.root, v.last.root)
	header := container.NewStack(newPanel(colorPanel, "", 0), column(0,
		inset(homeMargin, 10, who), inset(homeMargin-tabPadding, 0, tabs)))
	strips := inset(homeMargin, 0, column(0, v.spaced(v.offline.root), v.spaced(v.problem.root), v.spaced(v.layoutRinging())))
	top := column(0, header, widget.NewSeparator(), strips)
	v.empty = v.layoutEmpty()
	v.current = container.NewStack(v.scroll, v.empty)
	v.showDay(false)
	return container.NewBorder(top, nil, nil, nil, container.NewStack(v.current, v.day.root))
}

// showDay shows the last calls, or the agent's own.
func (v *homeView) showDay(on bool) {
	v.now.choose(!on)
	v.last.choose(on)
	if !on {
		v.day.root.Hide()
		v.current.Show()
		return
	}
	v.day.refresh()
	v.current.Hide()
	v.day.root.Show()
}

// showMissed counts on the tab what the agent has not looked at.
func (v *homeView) showMissed(n int) {
	words := lang.T("Last 24 hours")
	if n > 0 {
		words += between + missedWords(n)
	}
	v.last.say(words)
}

// spaced is an object with space above, which goes away when it is hidden.
func (v *homeView) spaced(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(above(12), o)
}

func (v *homeView) layoutRinging() fyne.CanvasObject {
	v.ringingWho = newText("", textStyle{bold: true})
	v.ringingMore = newText("", textStyle{size: sizeCaption, color: colorMuted})
	show := widget.NewButton(lang.T("Show"), v.do.showRinging)
	show.Importance = widget.HighImportance
	v.ringing = container.NewStack(newPanel(colorTint, "", 8), inset(12, 8,
		container.NewBorder(nil, nil, nil, centerY(roomy(show)), centerY(column(2, v.ringingWho, v.ringingMore)))))
	v.ringing.Hide()
	return v.ringing
}

func (v *homeView) layoutEmpty() fyne.CanvasObject {
	const width = 300
	v.emptyTitle = newText("", textStyle{size: sizeTitle, bold: true, align: fyne.TextAlignCenter})
	v.emptyText = newText("", textStyle{color: colorMuted, align: fyne.TextAlignCenter, lines: 4, width: width})
	return container.NewCenter(container.New(fixedWidth(width), column(0,
		container.NewCenter(appIcon(72)), space(0, 16), v.emptyTitle, space(0, 6), v.emptyText)))
}

// show makes the window agree with the state.
func (v *homeView) show(s homeState) {
	v.showHeader(s.agent, s.now)
	v.showStrips(s)
	v.showCards(append(slices.Clone(s.agent.Calls), s.left...), s.now)
	v.showMissed(s.missed)
	if v.day.root.Visible() { // Fyne's list makes a row at each refresh
		v.day.refresh()
	}
	title, words := emptyWords(s.agent, len(s.ringing.Calls))
	v.emptyTitle.SetText(title)
	v.emptyText.SetText(words)
}

// tick moves what changes with the clock only.
func (v *homeView) tick(s homeState) {
	v.showPresence(s.agent, s.now)
	v.showStrips(s)
	for _, k := range v.cards {
		k.tick(s.now)
	}
}

func (v *homeView) showStrips(s homeState) {
	v.offline.say(offlineWords(s.agent, s.now))
	v.problem.say(s.problem)
	if len(s.ringing.Calls) == 0 {
		v.ringing.Hide()
		return
	}
	first := s.ringing.Calls[0]
	v.ringingWho.SetText(lang.T("%s is calling", caller(first)))
	v.ringingMore.SetText(strings.TrimSuffix(
		first.Queue+between+lang.T("waiting %s", clock(waited(first, s.now)))+between+others(len(s.ringing.Calls)-1), between))
	v.ringing.Show()
}

// offlineWords says why no call can come and when it is tried again, or what is
// amiss although the line is up.
func offlineWords(s agent.State, now time.Time) string {
	if s.Connection == agent.Online {
		return s.Notice // the clock is off
	}
	if s.Connection != agent.Offline {
		return ""
	}
	words := s.Problem
	if words == "" {
		words = lang.T("The hub is out of reach.")
	}
	if left := s.Retry.Sub(now); left > 0 {
		return words + " " + lang.T("Trying again in %s.", seconds(left))
	}
	return words + " " + lang.T("Trying again…")
}

// showCards keeps a card per call, so that a note that is being written stays.
func (v *homeView) showCards(calls []wire.Call, now time.Time) {
	var cards []*callCard
	for _, c := range calls {
		var k *callCard
		if at := slices.IndexFunc(v.cards, func(k *callCard) bool { return k.call.ID == c.ID }); at >= 0 {
			k = v.cards[at]
			k.update(c, now)
		} else {
			k = newCallCard(c, v.do.cardActions)
		}
		k.offer(c.Dispositions)
		cards = append(cards, k)
	}
	if !slices.Equal(cards, v.cards) {
		v.list.Objects = nil
		for _, k := range cards {
			v.list.Objects = append(v.list.Objects, k.root)
		}
		v.list.Refresh()
	}
	v.cards = cards
	v.empty.Hide()
	v.scroll.Show()
	if len(cards) == 0 {
		v.scroll.Hide()
		v.empty.Show()
	}
}

// showWhole scrolls so far that the end of a card is seen: its buttons are there.
func (v *homeView) showWhole(id string) {
	k := v.card(id)
	if k == nil {
		return
	}
	v.scroll.Refresh() // lays out what has just been shown
	end := v.list.Position().Y + k.root.Position().Y + k.root.MinSize().Height + homeMargin
	if hidden := end - v.scroll.Size().Height; hidden > v.scroll.Offset.Y {
		v.scroll.ScrollToOffset(fyne.NewPos(0, hidden))
	}
}

// card is the card of a call, or nil.
func (v *homeView) card(id string) *callCard {
	for _, k := range v.cards {
		if k.call.ID == id {
			return k
		}
	}
	return nil
}

// emptyWords is what stands where no call of the agent's own is.
func emptyWords(s agent.State, ringing int) (title, words string) {
	queues := queueNames(s)
	switch {
	case s.Connection == agent.Connecting:
		return lang.T("Connecting…"), lang.T("Deskbell is reaching the hub.")
	case s.Connection != agent.Online:
		return lang.T("Offline"), lang.T("No call can reach you until the hub is back. Calls that still wait will ring then.")
	case ringing > 0:
		return lang.T("Your bell rings"), lang.T("Accept or decline in the window on top. A call that you accept appears here.")
	case len(queues) == 0:
		return lang.T("No queues"), lang.T("You serve no queue yet. Ask your administrator to add you to one.")
	case s.Presence.State == call.Paused:
		return lang.T("Paused"), pausedWords(s)
	case s.Presence.State == call.WrapUp:
		return lang.T("Wrapping up"), lang.T("The next call rings when this time is over. Press Ready to take it at once.")
	default:
		return lang.T("No calls"), lang.T("The bell will ring when a customer calls %s.", either(queues))
	}
}

func queueNames(s agent.State) []string {
	var names []string
	for _, q := range s.Queues {
		names = append(names, clean.Text(q.Name, maxQueue))
	}
	return names
}
