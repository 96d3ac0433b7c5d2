//go:build linux

package gauge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
)

// The goals.
const (
	ringGoal = 150 * time.Millisecond
	stopGoal = 200 * time.Millisecond
)

// pause is about how long nothing happens between two calls; it varies so that
// calls do not keep step with the app's frames.
const pause = 300 * time.Millisecond

// bellRun is the calls of one measurement.
type bellRun struct {
	*desk
	watcher
	http        *http.Client
	anna, ben   *agent.Session // Anna's second device, and another agent
	heard       <-chan agent.Event
	popup, note *spot
	calls       int

	answered, offered, noted, popped, hushed, closed *sample
}

// Latency rings so many calls and has Anna's second device decline them, and
// then so many that another agent takes.
func Latency(ctx context.Context, out io.Writer, o Options, rings, taken int) (err error) {
	d, err := newDesk(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.startApp(ctx, true); err != nil {
		return err
	}
	r := &bellRun{
		desk: d, http: &http.Client{Timeout: patience},
		answered: &sample{name: "webhook answered (on the hub's disk)"},
		offered:  &sample{name: "offered to an app without a desktop"},
		noted:    &sample{name: "notification painted", goal: ringGoal},
		popped:   &sample{name: "pop-up painted", goal: ringGoal},
		hushed:   &sample{name: "notification stops after another's answer", goal: stopGoal},
		closed:   &sample{name: "pop-up stops after another's answer", goal: stopGoal},
	}
	if err := r.run(ctx, rings, taken); err != nil {
		return err
	}
	return table(out, r.answered, r.offered, r.noted, r.popped, r.hushed, r.closed)
}

func (r *bellRun) run(ctx context.Context, rings, taken int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	eye, err := r.Eye()
	if err != nil {
		return err
	}
	defer eye.Close()
	r.eye = eye
	if r.anna, _, err = r.session(ctx, "anna"); err != nil {
		return err
	}
	if r.ben, r.heard, err = r.session(ctx, "ben"); err != nil {
		return err
	}
	if err := r.learn(ctx); err != nil {
		return err
	}
	for i := range rings {
		if err := r.ring(ctx); err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
	}
	for i := range taken {
		if err := r.lose(ctx); err != nil {
			return fmt.Errorf("call %d that another takes: %w", i+1, err)
		}
	}
	return nil
}

// learn rings once to see where notification and pop-up come, and then starts
// the app anew, so that the first call of a start is among those that count.
func (r *bellRun) learn(ctx context.Context) error {
	id, err := r.post(ctx)
	if err != nil {
		return err
	}
	note, err := r.WaitNotification(ctx, caller(r.calls))
	if err != nil {
		return err
	}
	window, err := r.WaitWindow(ctx, popup)
	if err != nil {
		return err
	}
	// A line from top to bottom through the Accept buttons sees the call come,
	// the words that take its place, and the empty screen after them.
	r.popup = &spot{place: line(window.Rect, window.Rect.Min.X+window.Rect.Dx()*3/4)}
	for _, b := range note.Buttons {
		if b.Name == "Accept" {
			r.note = &spot{place: line(note.Rect, b.Rect.Min.X+b.Rect.Dx()/2)}
		}
	}
	if r.note == nil {
		return errors.New("the notification has no Accept button")
	}
	if err := r.withdraw(ctx, id); err != nil {
		return err
	}
	if err := r.WaitNoWindow(ctx, popup); err != nil {
		return err
	}
	if err := r.WaitNoNotification(ctx, caller(r.calls)); err != nil {
		return err
	}
	if err := r.WaitStill(ctx); err != nil {
		return err
	}
	for _, s := range []*spot{r.popup, r.note} {
		if s.bare, err = r.eye.Look(s.place); err != nil {
			return err
		}
	}
	if err := r.app.Stop(ctx); err != nil {
		return err
	}
	return r.startApp(ctx, false)
}

// line is a line through a rectangle, from top to bottom.
func line(r image.Rectangle, x int) image.Rectangle {
	return image.Rect(x, r.Min.Y, x+1, r.Max.Y)
}

// ring times a call that appears.
func (r *bellRun) ring(ctx context.Context) error {
	id, err := r.appear(ctx)
	if err != nil {
		return err
	}
	if err := r.withdraw(ctx, id); err != nil {
		return err
	}
	return r.settle(ctx)
}

// appear posts a webhook and times what follows.
func (r *bellRun) appear(ctx context.Context) (id string, err error) {
	began := time.Now()
	posted := make(chan error, 1)
	go func() {
		var err error
		id, err = r.post(ctx)
		r.answered.add(time.Since(began))
		posted <- err
	}()
	at, err := r.painted(ctx, r.note, r.popup)
	if failed := <-posted; failed != nil || err != nil {
		return "", errors.Join(failed, err)
	}
	r.noted.add(at[0].Sub(began))
	r.popped.add(at[1].Sub(began))
	for {
		select {
		case e := <-r.heard:
			if e.Kind == agent.Rang && e.Offer.Call.ID == id {
				r.offered.add(e.Offer.Came.Sub(began))
				return id, r.remember(r.note, r.popup)
			}
		case <-time.After(patience):
			return "", errors.New("the other agent was never asked")
		}
	}
}

// withdraw takes a call off Anna's desk without a word left there: she declines
// on her other device, and the customer leaves.
func (r *bellRun) withdraw(ctx context.Context, id string) error {
	if err := r.anna.Decline(ctx, id); err != nil {
		return fmt.Errorf("decline on the second device: %w", err)
	}
	_, err := r.webhook(ctx, "?event=ended", r.calls)
	return err
}

// lose times a call that another agent takes.
func (r *bellRun) lose(ctx context.Context) error {
	id, err := r.appear(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	accepted := make(chan error, 1)
	go func() { accepted <- r.ben.Accept(ctx, id) }()
	at, err := r.quiet(ctx, r.note, r.popup)
	if failed := <-accepted; failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	r.hushed.add(at[0].Sub(began))
	r.closed.add(at[1].Sub(began))
	if err := r.ben.Finish(ctx, id, "", ""); err != nil {
		return fmt.Errorf("finish the call: %w", err)
	}
	return r.settle(ctx) // both say for some seconds who took it
}

// settle waits for an empty screen and a while more.
func (r *bellRun) settle(ctx context.Context) error {
	if err := r.cleared(ctx, r.note, r.popup); err != nil {
		return err
	}
	time.Sleep(pause/2 + rand.N(pause))
	return nil
}

// post has a new customer call.
func (r *bellRun) post(ctx context.Context) (id string, err error) {
	r.calls++
	return r.webhook(ctx, "", r.calls)
}

func caller(n int) string { return fmt.Sprintf("Caller %d", 1000+n) }

// webhook sends what Vidaoo sends, and returns the call's id.
func (r *bellRun) webhook(ctx context.Context, event string, n int) (string, error) {
	body, err := json.Marshal(map[string]any{
		"link":       fmt.Sprintf("https://vidaoo.example/session/%d", n),
		"session_id": fmt.Sprint("session-", n), "topic": "MY_WEBSITE", "name": caller(n), "language": "it",
	})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.receive+event, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := r.http.Do(request)
	if err != nil {
		return "", fmt.Errorf("post the webhook: %w", err)
	}
	defer response.Body.Close()
	var answer struct{ Call struct{ ID string } }
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(text, &answer) != nil {
		return "", fmt.Errorf("the webhook was answered with %s: %s", response.Status, text)
	}
	return answer.Call.ID, nil
}
