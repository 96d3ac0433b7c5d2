package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
)

const (
	queueWidth  = 1180
	queueHeight = 720
	queueMargin = 16
	agentsWidth = 300
)

// queueActions are what the Queue window does.
type queueActions struct {
	key        windowKeys
	fullScreen func()
	filter     func(queueFilter) // it is another one now
	call       callActions
	agent      agentActions
}

// queueView are the widgets of the Queue window.
type queueView struct {
	root fyne.CanvasObject
	do   queueActions

	stamp    *text
	stale    fyne.CanvasObject
	tiles    []*tile
	search   *keyEntry
	queue    *keySelect
	stateOf  *keySelect
	count    *text
	heads    map[string]*keyButton // by column
	calls    *rowList
	agents   *rowList
	empty    *text
	noAgents *text
	bar      *actionBar

	words  floorWords
	filter queueFilter
	queues []string // of the choice, without "all"
	state  queueState
	rows   []callRow // those that are shown
	desks  []agentRow
	// call and agent are what is chosen: a call's id or a username.
	call, agent string
}

func newQueueView(do queueActions, filter queueFilter) *queueView {
	v := &queueView{do: do, filter: filter, heads: map[string]*keyButton{}, queues: []string{""}}
	for range 8 {
		v.tiles = append(v.tiles, newTile(false))
	}
	v.search = newKeyEntry(do.key)
	v.search.SetPlaceHolder(lang.T("Search name, topic, queue…"))
	v.search.SetText(filter.text)
	v.search.OnChanged = func(words string) { v.refilter(func(f *queueFilter) { f.text = words }) }
	v.queue = newKeySelect([]string{lang.T("All queues")}, do.key)
	v.queue.SetSelectedIndex(0)
	v.stateOf = newKeySelect(stateWords(), do.key)
	v.stateOf.SetSelectedIndex(max(0, slices.Index(queueStates, filter.state)))
	v.queue.OnChanged = func(string) {
		v.refilter(func(f *queueFilter) { f.queue = v.queues[max(0, v.queue.SelectedIndex())] })
	}
	v.stateOf.OnChanged = func(string) {
		v.refilter(func(f *queueFilter) { f.state = queueStates[v.stateOf.SelectedIndex()] })
	}
	v.count = newText("", textStyle{size: sizeCaption, color: colorMuted, whole: true})
	v.calls = newRowList(do.key, func() int { return len(v.rows) }, newCallRowView, func(i int, o fyne.CanvasObject) {
		if i < len(v.rows) { // fewer may be left by now
			o.(*callRowView).show(v.rows[i], v.rows[i].id == v.call, v.calls.focused)
		}
	})
	v.calls.chosen, v.calls.choose, v.calls.changed = v.callAt, v.chooseCall, v.calls.Refresh
	v.agents = newRowList(do.key, func() int { return len(v.desks) }, newAgentRowView, func(i int, o fyne.CanvasObject) {
		if i < len(v.desks) {
			o.(*agentRowView).show(v.desks[i], v.desks[i].username == v.agent, v.agents.focused)
		}
	})
	v.agents.chosen, v.agents.choose, v.agents.changed = v.agentAt, v.chooseAgent, v.agents.Refresh
	v.empty = newText("", textStyle{color: colorMuted, align: fyne.TextAlignCenter, lines: 3, width: 420})
	v.noAgents = newText("", textStyle{color: colorMuted, align: fyne.TextAlignCenter, lines: 3, width: 220})
	v.bar = newActionBar(do)
	v.root = v.layout()
	return v
}

// stateWords are queueStates for people.
func stateWords() []string {
	return []string{lang.T("All open calls"), lang.T("Waiting"), lang.T("Waiting too long"), lang.T("In a call"), lang.T("Ended lately")}
}

func (v *queueView) layout() fyne.CanvasObject {
	title := newText(lang.T("Queue"), textStyle{size: sizeTitle, bold: true, whole: true})
	v.stamp = newText("", textStyle{size: sizeCaption, bold: true, color: theme.ColorNameWarning, whole: true})
	mark := newIcon(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning), 16)
	v.stale = container.NewStack(newPanel(colorCaution, "", 9), inset(10, 4, row(6, centerY(mark), centerY(v.stamp))))
	v.stale.Hide()
	full := newKeyButton(lang.T("Full screen (F11)"), theme.ViewFullScreenIcon(), v.do.key, v.do.fullScreen)
	top := container.NewBorder(nil, nil, row(16, centerY(title), centerY(v.stale)), full)

	var tiles []fyne.CanvasObject
	for _, t := range v.tiles {
		tiles = append(tiles, t.root)
	}
	numbers := container.New(equally{gap: 8, columns: len(tiles)}, tiles...)

	filters := container.NewBorder(nil, nil, nil,
		row(10, space(0, 0), choiceBox(195, v.queue), choiceBox(215, v.stateOf), centerY(v.count)), v.search)
	header := container.NewStack(newPanel(colorPanel, "", 0), inset(queueMargin, 12, top))
	above := column(12, column(0, header, widget.NewSeparator()), inset(queueMargin, 0, numbers), inset(queueMargin, 0, filters))

	table := container.NewBorder(column(2, v.layoutHead(), widget.NewSeparator()), nil, nil, nil,
		container.NewStack(v.calls, container.NewCenter(container.New(fixedWidth(420), v.empty))))
	desks := container.NewBorder(column(2, inset(cellInset, 9, newText(lang.T("Agents"), textStyle{bold: true})), widget.NewSeparator()), nil, nil, nil,
		container.NewStack(v.agents, container.NewCenter(container.New(fixedWidth(220), v.noAgents))))
	side := container.New(fixedWidth(agentsWidth), onPanel(desks))
	body := container.New(layout.NewCustomPaddedLayout(10, 12, queueMargin, queueMargin),
		container.NewBorder(nil, nil, nil, container.New(leftGap(12), side), onPanel(table)))
	return container.NewBorder(above, v.bar.root, nil, nil, body)
}

// choiceBox frames a choice, which has no border of its own.
func choiceBox(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(fixedWidth(width), container.NewStack(newPanel(colorPanel, theme.ColorNameInputBorder, 7), inset(1, 1, o)))
}

// onPanel puts a list on a card.
func onPanel(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newPanel(colorPanel, colorBorder, 10), inset(6, 6, o))
}

// layoutHead makes the head of the table: a click sorts by a column, a second one
// the other way round.
func (v *queueView) layoutHead() fyne.CanvasObject {
	names := map[string]string{
		columnWait: lang.T("Wait"), columnName: lang.T("Customer"), columnQueue: lang.T("Queue"), columnTopic: lang.T("Topic"),
		columnState: lang.T("State"), columnWho: lang.T("Agent"), columnInRoom: lang.T("In room"),
	}
	var heads []fyne.CanvasObject
	for _, name := range queueColumns {
		b := newKeyButton(names[name], nil, v.do.key, func() { v.sortBy(name) })
		b.Alignment, b.Importance, b.IconPlacement = widget.ButtonAlignLeading, widget.LowImportance, widget.ButtonIconTrailingText
		v.heads[name] = b
		heads = append(heads, b)
	}
	v.showHead()
	return container.New(columnWidths, heads...)
}

// showHead marks the column by which the table is sorted.
func (v *queueView) showHead() {
	for name, b := range v.heads {
		var icon fyne.Resource
		if name == v.column() {
			icon = theme.MenuDropDownIcon()
			if v.filter.up {
				icon = theme.MenuDropUpIcon()
			}
		}
		if b.Icon != icon {
			b.SetIcon(icon)
		}
	}
}

func (v *queueView) column() string {
	if v.filter.column == "" {
		return columnWait
	}
	return v.filter.column
}

func (v *queueView) sortBy(column string) {
	v.refilter(func(f *queueFilter) {
		f.up = v.column() == column && !f.up
		f.column = column
	})
	v.showHead()
}

// refilter shows other calls, and tells that it does.
func (v *queueView) refilter(change func(*queueFilter)) {
	before := v.filter
	change(&v.filter)
	if v.filter == before {
		return
	}
	v.do.filter(v.filter)
	v.show(v.state)
}

// show makes the window agree with the state.
func (v *queueView) show(s queueState) {
	v.state = s
	v.showQueues()
	open := v.words.rows(s.floor, s.agent.Queues, false, s.at())
	for i, f := range figures(s, v.filter.queue, open) {
		v.tiles[i].show(f)
	}
	v.showStamp()
	of := open
	if v.filter.state == stateEnded {
		of = v.words.rows(s.floor, s.agent.Queues, true, s.at())
	}
	v.rows = v.filter.apply(of)
	v.desks = agentRows(s.floor, v.filter.queue, s.at())
	v.count.SetText(lang.T("%d of %d", len(v.rows), len(of)))
	v.calls.Refresh()
	v.agents.Refresh()
	v.showEmpty(len(of))
	v.showChosen()
}

// showQueues offers the queues that the supervisor sees. A chosen one that is
// gone gives way to all.
func (v *queueView) showQueues() {
	queues, names := []string{""}, []string{lang.T("All queues")}
	for _, q := range v.state.floor.Numbers.Queues {
		name := clean.Text(q.Name, maxQueue)
		queues, names = append(queues, name), append(names, name)
	}
	if len(queues) == 1 && v.filter.queue != "" { // not known yet
		queues, names = append(queues, v.filter.queue), append(names, v.filter.queue)
	}
	at := slices.Index(queues, v.filter.queue)
	if at < 0 {
		v.filter.queue, at = "", 0
		v.do.filter(v.filter)
	}
	if !slices.Equal(queues, v.queues) || v.queue.SelectedIndex() != at {
		v.queues, v.queue.Options = queues, names
		v.queue.Selected = names[at]
		v.queue.Refresh()
	}
}

func (v *queueView) showStamp() {
	words := v.state.stamp()
	v.stamp.SetText(words)
	if v.stale.Visible() != (words != "") {
		if words == "" {
			v.stale.Hide()
		} else {
			v.stale.Show()
		}
	}
}

// showEmpty says why a list is empty.
func (v *queueView) showEmpty(calls int) {
	words := ""
	switch {
	case len(v.rows) > 0:
	case calls > 0:
		words = lang.T("No call fits the search and the filter.")
	case v.filter.state == stateEnded:
		words = lang.T("No call has ended since Deskbell watches. Calls that end appear here.")
	case v.state.floor.Heard.IsZero():
		words = lang.T("Deskbell is reaching the hub.")
	default:
		words = lang.T("Nobody waits. Calls appear here when customers come.")
	}
	v.empty.SetText(words)
	words = ""
	if len(v.desks) == 0 {
		words = lang.T("No agent serves a queue that you see.")
	}
	v.noAgents.SetText(words)
}

func (v *queueView) callAt() int {
	return slices.IndexFunc(v.rows, func(r callRow) bool { return r.id == v.call })
}

func (v *queueView) agentAt() int {
	return slices.IndexFunc(v.desks, func(r agentRow) bool { return r.username == v.agent })
}

func (v *queueView) chooseCall(i int) {
	v.call, v.agent = v.rows[i].id, ""
	v.chosen()
}

func (v *queueView) chooseAgent(i int) {
	v.call, v.agent = "", v.desks[i].username
	v.chosen()
}

func (v *queueView) chosen() {
	v.bar.say("", false)
	v.calls.Refresh()
	v.agents.Refresh()
	v.showChosen()
}

// showChosen offers what may be done with what is chosen.
func (v *queueView) showChosen() {
	if i := v.callAt(); i >= 0 {
		v.bar.showCall(v.rows[i], v.state)
		return
	}
	if i := v.agentAt(); i >= 0 {
		v.bar.showAgent(v.desks[i], v.state)
		return
	}
	v.call, v.agent = "", ""
	v.bar.showNothing()
}

// equally gives objects in columns the same width, and the height of the tallest.
type equally struct {
	gap     float32
	columns int
}

// MinSize is that of the widest and the tallest.
func (e equally) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var cell fyne.Size
	for _, o := range objects {
		cell = cell.Max(o.MinSize())
	}
	rows := (len(objects) + e.columns - 1) / e.columns
	return fyne.NewSize(cell.Width*float32(e.columns)+e.gap*float32(e.columns-1), cell.Height*float32(rows)+e.gap*float32(rows-1))
}

// Layout places the objects, row by row.
func (e equally) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	rows := (len(objects) + e.columns - 1) / e.columns
	cell := fyne.NewSize((size.Width-e.gap*float32(e.columns-1))/float32(e.columns), (size.Height-e.gap*float32(rows-1))/float32(rows))
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i%e.columns)*(cell.Width+e.gap), float32(i/e.columns)*(cell.Height+e.gap)))
		o.Resize(cell)
	}
}

// leftGap puts space to the left of one object.
type leftGap float32

// MinSize is the object's with the space.
func (g leftGap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(float32(g), 0)
}

// Layout places the object behind the space.
func (g leftGap) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(float32(g), 0))
	objects[0].Resize(size.SubtractWidthHeight(float32(g), 0))
}
