package calllog_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
)

// onDisk tells in which files of a folder some bytes stand.
func onDisk(t *testing.T, dir, what string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(what)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestErase: of an erased call nothing stands on the disk any more, and of its
// neighbours everything.
func TestErase(t *testing.T) {
	t.Log("real: what an erased call leaves on the disk")
	dir := t.TempDir()
	t.Run("write and erase", func(t *testing.T) {
		l := mustOpen(t, dir)
		for _, id := range []string{"c1", "c2"} {
			e := newCall(id)
			e.Call.Customer.Name = "Customer of " + id
			mustAppend(t, l, offer(t, e.Call, "anna"), mustAppend(t, l, e, 0))
			if err := l.AppendReceipts(t.Context(), "web", id, []call.Receipt{{Agent: "anna"}}); err != nil {
				t.Fatal(err)
			}
			if _, err := l.AppendPayload(t.Context(), calllog.Payload{Queue: "web", Call: id, Body: "Customer of " + id}); err != nil {
				t.Fatal(err)
			}
			mustWait(t, l, id)
		}
		// One that made no call, and was replayed: it is the customer's too.
		id, err := l.AppendPayload(t.Context(), calllog.Payload{Queue: "web", Code: "no_session_link", Body: "Customer of c1"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.AppendPayload(t.Context(), calllog.Payload{Queue: "web", Call: "c1", Replays: id, Body: "Customer of c1"}); err != nil {
			t.Fatal(err)
		}
		if len(onDisk(t, dir, "Customer of c1")) == 0 {
			t.Fatal("the call is not on the disk at all")
		}
		if err := l.Erase(t.Context(), "web", "c1"); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Last(t.Context(), "web", "c1"); call.CodeOf(err) != call.NotFound {
			t.Errorf("an erased call: %v", err)
		}
		if receipts, err := l.Receipts(t.Context(), "web", "c1"); err != nil || len(receipts) != 0 {
			t.Errorf("receipts %v, %v", receipts, err)
		}
		if payloads, err := l.Payloads(t.Context(), "web"); err != nil || len(payloads) != 1 || payloads[0].Call != "c2" || payloads[0].Queue != "web" {
			t.Errorf("payloads %+v, %v", payloads, err)
		}
		if e, err := l.Last(t.Context(), "web", "c2"); err != nil || e.Call.Customer.Name != "Customer of c2" {
			t.Errorf("its neighbour: %+v, %v", e, err)
		}
		if err := l.Erase(t.Context(), "web", "c1"); err != nil {
			t.Errorf("erased again: %v", err)
		}
	})
	for _, words := range []string{"Customer of c1", base64.StdEncoding.EncodeToString(deliveryOf("c1").Body)} {
		if found := onDisk(t, dir, words); len(found) > 0 {
			t.Errorf("the customer still stands in %v", found)
		}
	}
	if found := onDisk(t, dir, "Customer of c2"); len(found) == 0 {
		t.Error("the neighbour is gone")
	}
	// The same name again is a new call.
	mustAppend(t, mustOpen(t, dir), newCall("c1"), 0)
}

func TestPayloadByID(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	id, err := l.AppendPayload(t.Context(), calllog.Payload{Queue: "web", Body: "x", Event: "joined"})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := l.Payload(t.Context(), id); err != nil || p.Queue != "web" || p.Body != "x" || p.ID != id || p.Event != "joined" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := l.Payload(t.Context(), id+1); call.CodeOf(err) != call.NotFound {
		t.Errorf("one that is not there: %v", err)
	}
}

// TestHistory: each row once, in order, even if it was appended twice.
func TestHistory(t *testing.T) {
	dir := t.TempDir()
	t1 := time.Now()
	row := func(i int) calllog.Row {
		return calllog.Row{Call: fmt.Sprint("c", i), Queue: "web", Received: t1, Ended: t1.Add(time.Duration(i) * time.Second), Outcome: call.Completed, Seq: uint64(i)}
	}
	var rows []calllog.Row
	for i := 1; i <= 2500; i++ { // more than one message holds
		rows = append(rows, row(i))
	}
	t.Run("write", func(t *testing.T) {
		l := mustOpen(t, dir)
		if seq, err := l.Archived(t.Context()); err != nil || seq != 0 {
			t.Fatalf("an empty history ends at %d, %v", seq, err)
		}
		if done, err := l.Archive(t.Context(), rows); err != nil || done != len(rows) {
			t.Fatalf("%d rows, %v", done, err)
		}
		if done, err := l.Archive(t.Context(), rows[2400:]); err != nil || done != 100 { // nobody knew
			t.Fatalf("%d rows, %v", done, err)
		}
	})
	l := mustOpen(t, dir)
	if seq, err := l.Archived(t.Context()); err != nil || seq != 2500 {
		t.Fatalf("the history ends at %d, %v", seq, err)
	}
	next := uint64(1)
	err := l.History(t.Context(), t1, t1.Add(1), func(r calllog.Row) error {
		if r.Seq != next {
			return fmt.Errorf("row %d, want %d", r.Seq, next)
		}
		next++
		return nil
	})
	if err != nil || next != 2501 {
		t.Errorf("read up to %d: %v", next, err)
	}
	if err := l.History(t.Context(), t1.Add(time.Hour), t1.Add(2*time.Hour), func(r calllog.Row) error { return fmt.Errorf("a row: %+v", r) }); err != nil {
		t.Error(err)
	}
}

// TestRowOf: a row has nothing of the customer.
func TestRowOf(t *testing.T) {
	e := newCall("c1")
	e.Call.Customer, e.Call.Topic, e.Call.Session = call.Customer{Name: "PERSON", Email: "PERSON", Phone: "PERSON"}, "PERSON", "PERSON"
	e.Call.Metadata, e.Call.Link, e.Call.Note = map[string]any{"x": "PERSON"}, "https://PERSON.example", "PERSON"
	e.Call.Warnings = []string{"PERSON"}
	left := apply(t, e.Call, call.Event{Kind: call.KindLeft, At: t0})
	left.Seq = 7
	if s := fmt.Sprintf("%+v", calllog.RowOf(left)); bytes.Contains([]byte(s), []byte("PERSON")) {
		t.Errorf("the row holds personal data: %s", s)
	}
	if r := calllog.RowOf(left); r.Call != "c1" || r.Seq != 7 || r.Outcome != call.Canceled || r.Reason != call.CustomerLeft {
		t.Errorf("%+v", r)
	}
}

func TestPresenceBetween(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	now := time.Now()
	at := func(s call.PresenceState, ago time.Duration) call.Presence {
		return call.Presence{State: s, Since: now.Add(-ago)}
	}
	for _, p := range []calllog.Presences{
		{Whole: true, Agents: map[string]call.Presence{"anna": at(call.Ready, time.Hour), "ben": at(call.Offline, time.Hour)}},
		{Agents: map[string]call.Presence{"ben": at(call.Ready, 10*time.Minute)}},
		{Agents: map[string]call.Presence{"anna": at(call.Paused, 5*time.Minute)}},
		{Agents: map[string]call.Presence{"anna": at(call.Ready, time.Minute)}},
	} {
		if err := l.AppendPresences(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string][]call.PresenceState{}
	if err := l.PresenceBetween(t.Context(), now.Add(-7*time.Minute), now.Add(-2*time.Minute), func(name string, p call.Presence) {
		seen[name] = append(seen[name], p.State)
	}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(seen); got != "map[anna:[ready paused] ben:[offline ready]]" {
		t.Errorf("got %s", got)
	}
}

// TestKeep: the streams keep what they are told to, and take another time later.
func TestKeep(t *testing.T) {
	dir := t.TempDir()
	for _, keep := range []calllog.Keep{{}, {Calls: 48 * time.Hour, History: 72 * time.Hour}} {
		l, err := calllog.Open(t.Context(), dir, keep, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(onDisk(t, dir, `"max_age":172800000000000`)) == 0 /* presence, payloads */ || len(onDisk(t, dir, `"max_age":259200000000000`)) == 0 {
		t.Error("the streams' files do not have the new ages")
	}
}

// TestSweep: what ended before is gone, also from its receipts; its row in the
// history stays, and so does an open call, however old it is.
func TestSweep(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	open := newCall("c2")
	mustAppend(t, l, open, 0)
	e := newCall("c1")
	e.Seq = mustAppend(t, l, e, 0)
	if err := l.AppendReceipts(t.Context(), "web", "c1", []call.Receipt{{Agent: "anna"}}); err != nil {
		t.Fatal(err)
	}
	left := apply(t, e.Call, call.Event{Kind: call.KindLeft, At: time.Now()})
	left.Seq = mustAppend(t, l, left, e.Seq)
	if _, err := l.Archive(t.Context(), []calllog.Row{calllog.RowOf(left)}); err != nil {
		t.Fatal(err)
	}
	for want, cutoff := range []time.Duration{-time.Hour, time.Hour} {
		if n, err := l.Sweep(t.Context(), time.Now().Add(cutoff)); err != nil || n != want {
			t.Errorf("swept %d, %v, want %d", n, err, want)
		}
	}
	if _, err := l.Last(t.Context(), "web", "c1"); call.CodeOf(err) != call.NotFound {
		t.Errorf("the ended call: %v", err)
	}
	if receipts, err := l.Receipts(t.Context(), "web", "c1"); err != nil || len(receipts) != 0 {
		t.Errorf("its receipts: %v, %v", receipts, err)
	}
	if e, err := l.Last(t.Context(), "web", "c2"); err != nil || !e.Call.Open() {
		t.Errorf("the open call: %+v, %v", e, err)
	}
	rows := 0
	if err := l.History(t.Context(), t0, t0.Add(1), func(calllog.Row) error { rows++; return nil }); err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
}
