package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// post is an outbox whose log and targets are made up, in virtual time.
type post struct {
	*outbox.Outbox
	answer func(calllog.Delivery) outbox.Answer
	settle func(calllog.Settled) error

	mu      sync.Mutex
	sent    []calllog.Delivery
	settled []calllog.Settled
	dropped []uint64
	seq     uint64
}

func newPost() *post {
	p := &post{
		answer: func(calllog.Delivery) outbox.Answer { return outbox.Answer{How: outbox.Delivered} },
		settle: func(calllog.Settled) error { return nil },
	}
	p.Outbox = outbox.New(outbox.Config{
		Send: func(_ context.Context, d calllog.Delivery) outbox.Answer {
			p.mu.Lock()
			p.sent = append(p.sent, d)
			answer := p.answer
			p.mu.Unlock()
			return answer(d)
		},
		Settle: func(_ context.Context, s calllog.Settled, _ uint64) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			if err := p.settle(s); err != nil {
				return err
			}
			p.settled = append(p.settled, s)
			return nil
		},
		Drop: func(_ context.Context, seq uint64) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.dropped = append(p.dropped, seq)
			return nil
		},
		Now: time.Now, // synctest's
		Log: slog.New(slog.DiscardHandler),
	})
	return p
}

// wait has a delivery wait.
func (p *post) wait(target, call, what string) {
	p.mu.Lock()
	p.seq++
	d := calllog.Delivery{Address: calllog.Address{Kind: "hook", Target: target, Call: call, What: what}, At: time.Now(), Seq: p.seq}
	p.mu.Unlock()
	p.Add(d)
}

// pass lets time pass, a tick a second.
func (p *post) pass(d time.Duration) {
	for range int(d / time.Second) {
		<-time.After(time.Second) // virtual
		p.Tick()
		synctest.Wait()
	}
}

func (p *post) tries(target string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range p.sent {
		if d.Target == target {
			n++
		}
	}
	return n
}

func hook(name string) outbox.Target { return outbox.Target{Kind: "hook", Name: name} }

// TestBackOff: what fails is tried again after longer and longer pauses, for a
// day, and how it does is told meanwhile.
func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost()
		defer p.Close()
		p.answer = func(calllog.Delivery) outbox.Answer { return outbox.Answer{Detail: "it answered 500"} }
		p.Start()
		p.wait("h", "c1", "missed")
		synctest.Wait()
		p.pass(time.Minute)
		if n := p.tries("h"); n < 5 || n > 8 {
			t.Errorf("%d tries in the first minute", n)
		}
		if s := p.Status(hook("h")); s.Waiting != 1 || s.FailingSince.IsZero() || s.LastError != "it answered 500" {
			t.Errorf("%+v", s)
		}
		if tries, failure := p.Trying(calllog.Address{Kind: "hook", Target: "h", Call: "c1", What: "missed"}); tries != p.tries("h") || failure != "it answered 500" {
			t.Errorf("%d, %q", tries, failure)
		}
		p.pass(outbox.For + time.Hour)
		if n := p.tries("h"); n < 95 || n > 210 {
			t.Errorf("%d tries in a day", n)
		}
		if len(p.settled) != 1 || p.settled[0].How != outbox.Expired || p.settled[0].Detail != "it answered 500" {
			t.Errorf("%+v", p.settled)
		}
	})
}

// TestRetryAfter: a target that asks for it is left in peace, by all calls.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost()
		defer p.Close()
		p.answer = func(calllog.Delivery) outbox.Answer {
			return outbox.Answer{Detail: "it answered 429", RetryAfter: 10 * time.Minute}
		}
		p.Start()
		p.wait("h", "c1", "missed")
		synctest.Wait()
		p.wait("h", "c2", "missed")
		p.pass(10*time.Minute - time.Second)
		if n := p.tries("h"); n != 1 {
			t.Errorf("%d tries within the time it asked for", n)
		}
		p.pass(time.Minute)
		if n := p.tries("h"); n != 2 && n != 3 {
			t.Errorf("%d tries after it", n)
		}
		p.Hasten(hook("h")) // its address has changed
		synctest.Wait()
		if n := p.tries("h"); n < 4 {
			t.Errorf("%d tries after it was changed", n)
		}
	})
}

// TestSlowTarget: a target that answers nothing delays no other.
func TestSlowTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost()
		release := make(chan struct{})
		p.answer = func(d calllog.Delivery) outbox.Answer {
			if d.Target == "slow" {
				<-release
			}
			return outbox.Answer{How: outbox.Delivered}
		}
		p.Start()
		for i := range 100 {
			p.wait("slow", fmt.Sprint("c", i), "missed")
			p.wait("fast", fmt.Sprint("c", i), "missed")
		}
		synctest.Wait()
		if slow, fast := p.tries("slow"), p.tries("fast"); slow != 4 || fast != 100 {
			t.Errorf("%d at the slow one, %d at the other", slow, fast)
		}
		close(release)
		synctest.Wait()
		if s := p.Status(hook("slow")); s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
		p.Close()
	})
}

// TestNotNoted: what arrived is not sent again when only the log failed.
func TestNotNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost()
		defer p.Close()
		failing := true
		p.settle = func(calllog.Settled) error {
			if failing {
				return errors.New("the disk is full")
			}
			return nil
		}
		p.Start()
		p.wait("h", "c1", "missed")
		p.pass(10 * time.Second)
		p.mu.Lock()
		failing = false
		p.mu.Unlock()
		p.pass(10 * time.Second)
		if len(p.sent) != 1 || len(p.settled) != 1 {
			t.Errorf("sent %d times, settled %+v", len(p.sent), p.settled)
		}
	})
}

// TestSettledBeforeAKill: what the log tells as settled is not sent, and is
// removed.
func TestSettledBeforeAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost()
		defer p.Close()
		p.wait("h", "c1", "waiting")
		p.wait("h", "c1", "missed")
		p.wait("h", "c2", "missed")
		for _, call := range []string{"c1", "c2"} {
			p.Settled(calllog.Settled{Address: calllog.Address{Kind: "hook", Target: "h", Call: call, What: "missed"}, How: outbox.Delivered})
		}
		p.Start()
		synctest.Wait()
		if len(p.sent) != 1 || p.sent[0].What != "waiting" || !slices.Equal(p.dropped, []uint64{2, 3}) {
			t.Errorf("sent %+v, dropped %v", p.sent, p.dropped)
		}
		if s := p.Status(hook("h")); s.Delivered != 2 || s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestBound: more than so many are not kept, and are counted.
func TestBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost()
		defer p.Close()
		for i := range outbox.MaxWaiting {
			p.wait("h", fmt.Sprint("c", i), "missed")
		}
		if p.Room(hook("h")) || !p.Room(hook("other")) {
			t.Error("room for one more, or none elsewhere")
		}
		if s := p.Status(hook("h")); s.Dropped != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// waits is a delivery that comes after a pause, in seconds.
type waits struct {
	target, call string
	pause        int
}

// TestOrder: whatever the targets do, what is of one call goes to one target in
// order, the next only when the one before is settled, and each is settled once.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		hows := rapid.SliceOfN(rapid.SampledFrom([]string{outbox.Delivered, outbox.Refused, "", "", "429"}), 1, 40).Draw(r, "answers")
		all := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) waits {
			return waits{rapid.SampledFrom([]string{"a", "b"}).Draw(r, "target"), rapid.SampledFrom([]string{"c1", "c2", "c3"}).Draw(r, "call"), rapid.IntRange(0, 5).Draw(r, "pause")}
		}), 1, 30).Draw(r, "deliveries")
		started := rapid.IntRange(0, len(all)-1).Draw(r, "started")
		var err error
		synctest.Test(t, func(*testing.T) { err = deliverAll(hows, all, started) })
		if err != nil {
			r.Fatal(err)
		}
	})
}

// deliverAll has all that waits delivered to targets that answer in turn, and at
// last well.
func deliverAll(hows []string, all []waits, started int) error {
	p := newPost()
	defer p.Close()
	tries := 0
	p.answer = func(calllog.Delivery) outbox.Answer {
		p.mu.Lock()
		defer p.mu.Unlock()
		how := hows[tries%len(hows)]
		if tries++; tries > 200 {
			how = outbox.Delivered
		}
		if how == "429" {
			return outbox.Answer{RetryAfter: 30 * time.Second}
		}
		return outbox.Answer{How: how}
	}
	for n, w := range all {
		if n == started {
			p.Start()
		}
		p.wait(w.target, w.call, fmt.Sprint(n))
		p.pass(time.Duration(w.pause) * time.Second)
	}
	for range 400 {
		<-time.After(15 * time.Minute)
		p.Tick()
		synctest.Wait()
	}
	return inOrder(p, len(all))
}

func inOrder(p *post, all int) error {
	last, settled := map[calllog.Address]uint64{}, map[calllog.Address]int{}
	for _, d := range p.sent {
		lane := d.Address
		lane.What = ""
		if d.Seq < last[lane] {
			return fmt.Errorf("delivery %d of %+v was sent after %d", d.Seq, lane, last[lane])
		}
		last[lane] = d.Seq
	}
	for _, s := range p.settled {
		if settled[s.Address]++; settled[s.Address] > 1 {
			return fmt.Errorf("%+v was settled twice", s.Address)
		}
	}
	if len(settled) != all {
		return fmt.Errorf("%d of %d are settled", len(settled), all)
	}
	return nil
}
