package notify

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
)

// errTool is why a notice was not shown. What the system said is left out: some
// tools repeat the text they were given, and callers' words are not logged.
var errTool = errors.New("the system's tool for notices failed")

// NewPlain returns the native surface of a system that shows plain notices
// only: a call that rings is one notice without buttons, which can neither be
// changed nor taken back; a call that another agent took is a second one.
//
// show puts a notice on the screen. It is called from one goroutine and is
// given text of letters, digits and everyday punctuation only, because such
// functions tend to build scripts from it. It may block: after 5 s the surface
// goes on without it.
func NewPlain(o Options, show func(title, text string) error, emit func(Event)) Surface {
	p := &plain{
		box:   newMailbox(),
		log:   o.withDefaults().Logger.With("surface", Native),
		show:  show,
		emit:  emit,
		calls: make(map[string]Call),
		done:  make(chan struct{}),
		ended: make(chan struct{}),
	}
	go p.run()
	return p
}

type plain struct {
	box  *mailbox
	log  *slog.Logger
	show func(title, text string) error
	emit func(Event)

	calls    map[string]Call // that ring; of the goroutine
	attempts attempts        // of show; of the goroutine

	closing sync.Once
	done    chan struct{} // closed by Close
	ended   chan struct{} // closed when the goroutine has ended
}

func (p *plain) Name() string               { return Native }
func (p *plain) Present(c Call)             { p.box.present(c) }
func (p *plain) Update(c Call)              { p.box.update(c) }
func (p *plain) Dismiss(id string, why Why) { p.box.dismiss(id, why) }
func (p *plain) Notice(title, text string)  { p.box.notice(title, text) }
func (p *plain) Close() error {
	p.closing.Do(func() { close(p.done) })
	<-p.ended
	return nil
}

func (p *plain) run() {
	defer close(p.ended)
	for {
		select {
		case <-p.done:
			return
		case <-p.box.wake:
		}
		post := p.box.take()
		for _, id := range post.refused {
			p.emit(Event{Kind: Failed, Surface: Native, Call: id, Err: ErrTooMany})
		}
		for _, w := range post.wishes {
			p.grant(w)
		}
		for _, n := range post.notices {
			if err := p.put(cut(n.title, maxTitle), cut(n.text, maxText)); err != nil {
				p.log.Warn("notice not shown", "err", err)
			}
		}
	}
}

func (p *plain) grant(w wish) {
	if w.ending != nil {
		p.dismiss(w.id, *w.ending)
	}
	if w.call != nil {
		p.present(*w.call)
	}
}

func (p *plain) present(c Call) {
	_, rings := p.calls[c.ID]
	p.calls[c.ID] = c
	if rings {
		return
	}
	switch err := p.put(summary(c), lines(c)...); err {
	case nil:
		p.emit(Event{Kind: Shown, Surface: Native, Call: c.ID})
	case errClosing:
	default:
		p.log.Warn("call not shown", "call", c.ID, "err", err)
		p.emit(Event{Kind: Failed, Surface: Native, Call: c.ID, Err: ErrRefused})
	}
}

func (p *plain) dismiss(id string, why Why) {
	c := p.calls[id]
	delete(p.calls, id)
	if why.Reason != Answered {
		return
	}
	title, text := taken(c, why.By)
	if err := p.put(title, text); err != nil {
		p.log.Warn("notice not shown", "call", id, "err", err)
	}
}

// put shows one notice, and waits no longer than attemptWait or Close for it.
func (p *plain) put(title string, text ...string) error {
	for i, line := range text {
		text[i] = plainText(line)
	}
	return p.attempts.do(func() error {
		if p.show(plainText(title), strings.Join(text, "\n")) != nil {
			return errTool
		}
		return nil
	}, p.done)
}
