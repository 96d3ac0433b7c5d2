package ui

import (
	"cmp"
	"slices"

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

// callActions are what a supervisor may do with a call.
type callActions struct {
	assign           func(id, username, name string)
	take             func(id string)
	giveBack, cancel func(callRow)
	trail            func(callRow)
}

// agentActions are what a supervisor may do with an agent.
type agentActions struct {
	set    func(username, name string, state call.PresenceState, reason string)
	choose func(menu *fyne.Menu, above fyne.CanvasObject)
}

// actionBar is at the bottom of the Queue window: what is chosen, what may be
// done with it, and what came of what was done.
type actionBar struct {
	root fyne.CanvasObject
	do   queueActions

	what, more                            *text
	said                                  *text
	saidIcon                              *sign
	saidBox                               fyne.CanvasObject
	assign, take, giveBack, cancel, trail *keyButton
	ready, pause                          *keyButton

	row   callRow
	desk  agentRow
	state queueState
}

func newActionBar(do queueActions) *actionBar {
	b := &actionBar{
		do: do, what: newText("", textStyle{bold: true}), more: newText("", textStyle{size: sizeCaption, color: colorMuted}),
		said: newText("", textStyle{lines: 2, width: 600}), saidIcon: newSign(),
	}
	button := func(words string, icon fyne.Resource, tapped func()) *keyButton {
		return newKeyButton(words, icon, do.key, tapped)
	}
	b.take = button(lang.T("Take it myself"), theme.MediaVideoIcon(), func() { do.call.take(b.row.id) })
	b.assign = button(lang.T("Assign to…"), theme.AccountIcon(), b.chooseAgent)
	b.giveBack = button(lang.T("Return to queue"), theme.MailReplyIcon(), func() { do.call.giveBack(b.row) })
	b.cancel = button(lang.T("Cancel call"), theme.CancelIcon(), func() { do.call.cancel(b.row) })
	b.trail = button(lang.T("Why did it not ring?"), theme.QuestionIcon(), func() { do.call.trail(b.row) })
	b.ready = button(lang.T("Make ready"), theme.ConfirmIcon(), func() { do.agent.set(b.desk.username, b.desk.name, call.Ready, "") })
	b.pause = button(lang.T("Pause"), theme.MediaPauseIcon(), b.choosePause)
	b.take.Importance = widget.HighImportance
	buttons := row(8)
	for _, o := range []*keyButton{b.take, b.assign, b.giveBack, b.cancel, b.trail, b.ready, b.pause} {
		o.Hide()
		buttons.Add(o)
	}
	icon := container.New(fixedSquare(18), b.saidIcon.Icon)
	b.saidBox = inset(0, 2, container.NewBorder(nil, nil, row(8, centerY(icon), space(0, 0)), nil, centerY(b.said)))
	b.saidBox.Hide()
	words := centerY(column(1, b.what, b.more))
	b.root = container.NewStack(newPanel(colorPanel, "", 0), column(0, widget.NewSeparator(),
		inset(queueMargin, 10, column(4, b.saidBox, container.NewBorder(nil, nil, nil, centerY(buttons), container.NewStack(space(0, 40), words))))))
	b.showNothing()
	return b
}

// showNothing says what to do first.
func (b *actionBar) showNothing() {
	b.what.Hide()
	b.more.SetText(lang.T("Choose a call or an agent to see what you can do."))
	b.offer()
}

// offer shows these buttons and hides the others.
func (b *actionBar) offer(some ...*keyButton) {
	for _, o := range []*keyButton{b.take, b.assign, b.giveBack, b.cancel, b.trail, b.ready, b.pause} {
		if want := slices.Contains(some, o); want != o.Visible() {
			if want {
				o.Show()
			} else {
				o.Hide()
			}
		}
	}
}

func (b *actionBar) showCall(r callRow, s queueState) {
	b.row, b.state = r, s
	b.what.SetText(r.customer)
	b.what.Show()
	words := r.queue + between + r.words
	if r.who != "" && (r.state == call.Ringing || r.state == call.Accepted) {
		words += between + r.who
	}
	if r.recorded != "" {
		words += between + r.recorded
	}
	b.more.SetText(words)
	switch {
	case r.state == call.Accepted:
		b.offer(b.giveBack, b.cancel, b.trail)
	case r.state == call.Ended:
		b.offer(b.trail)
	default:
		b.offer(b.take, b.assign, b.cancel, b.trail)
	}
	b.enable(s.agent.Connection == agent.Online)
}

func (b *actionBar) showAgent(a agentRow, s queueState) {
	b.desk, b.state = a, s
	b.what.SetText(a.name)
	b.what.Show()
	b.more.SetText(a.words + between + a.day)
	if a.state == call.Paused || a.state == call.WrapUp {
		b.offer(b.ready)
	} else {
		b.offer(b.pause)
	}
	b.enable(s.agent.Connection == agent.Online)
}

// enable lets the buttons be pressed, or not while the hub is out of reach.
func (b *actionBar) enable(on bool) {
	for _, o := range []*keyButton{b.take, b.assign, b.giveBack, b.cancel, b.trail, b.ready, b.pause} {
		if on == o.Disabled() {
			if on {
				o.Enable()
			} else {
				o.Disable()
			}
		}
	}
}

// say tells what came of something; empty takes it away.
func (b *actionBar) say(words string, wrong bool) {
	b.said.SetText(words)
	picture, colour := theme.ConfirmIcon(), fyne.ThemeColorName(theme.ColorNameSuccess)
	if wrong {
		picture, colour = theme.ErrorIcon(), theme.ColorNameError
	}
	b.saidIcon.show(picture, colour)
	b.said.SetColor(colour)
	if words == "" {
		b.saidBox.Hide()
		return
	}
	b.saidBox.Show()
}

// chooseAgent lets the supervisor choose for whom the call shall ring: the ready
// ones of its queue first, then the others.
func (b *actionBar) chooseAgent() {
	id := b.row.id
	var items []*fyne.MenuItem
	for _, a := range candidates(b.state, b.row.queue) {
		name := clean.Text(a.Name, maxName)
		words := name
		if !slices.Contains(a.Queues, b.row.queue) {
			words = lang.T("%s, of another queue", name)
		}
		items = append(items, fyne.NewMenuItem(words, func() { b.do.call.assign(id, a.Username, name) }))
	}
	if len(items) == 0 {
		nobody := fyne.NewMenuItem(lang.T("Nobody is ready"), nil)
		nobody.Disabled = true
		items = append(items, nobody)
	}
	b.do.agent.choose(fyne.NewMenu("", items...), b.assign)
}

// candidates are the agents to whom a call may be assigned. The hub refuses
// those who are not ready, but for a queue whose agents may have several calls.
func candidates(s queueState, queue string) (all []wire.Agent) {
	several := slices.ContainsFunc(s.agent.Queues, func(q wire.Queue) bool { return q.Name == queue && q.Capacity > 1 })
	for _, a := range s.floor.Agents {
		if a.State == call.Ready || several && a.State == call.Busy {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(x, y wire.Agent) int {
		return cmp.Or(
			-compareBool(slices.Contains(x.Queues, queue), slices.Contains(y.Queues, queue)),
			-compareBool(x.State == call.Ready, y.State == call.Ready))
	})
	return all
}

// choosePause pauses an agent, with one of the hub's reasons, if it has any.
func (b *actionBar) choosePause() {
	a := b.desk
	set := func(reason string) func() {
		return func() { b.do.agent.set(a.username, a.name, call.Paused, reason) }
	}
	if len(b.state.agent.Reasons) == 0 {
		set("")()
		return
	}
	var items []*fyne.MenuItem
	for _, reason := range b.state.agent.Reasons {
		items = append(items, fyne.NewMenuItem(clean.Text(reason, maxName), set(reason)))
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.T("No reason"), set("")))
	b.do.agent.choose(fyne.NewMenu("", items...), b.pause)
}
