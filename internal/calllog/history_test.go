package calllog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
)

// rowAt is the row of a call that was received some minutes after t0 and ended
// some minutes later.
func rowAt(id string, received, ended int) calllog.Row {
	at := func(minutes int) time.Time { return t0.Add(time.Duration(minutes) * time.Minute) }
	return calllog.Row{Call: id, Queue: "web", Received: at(received), Ended: at(ended), Outcome: call.Completed}
}

// noted is the row that says how a call went, some minutes after t0.
func noted(r calllog.Row, minutes int) calllog.Row {
	r.Noted, r.Disposition = t0.Add(time.Duration(minutes)*time.Minute), "sold"
	return r
}

func settled(r calllog.Row, minutes int) calllog.Row {
	r.Settled = t0.Add(time.Duration(minutes) * time.Minute)
	return r
}

// TestHistoryTellsEachCallOnce: also one whose agent says later how it went.
func TestHistoryTellsEachCallOnce(t *testing.T) {
	a, b, c := rowAt("a", 0, 1), rowAt("b", 0, 2), rowAt("c", 0, 90)
	for _, tc := range []struct {
		name string
		rows []calllog.Row
		want string
	}{
		{"nothing", nil, ""},
		{"noted soon", []calllog.Row{a, b, noted(a, 10)}, "a sold, b"},
		{"noted twice", []calllog.Row{a, noted(a, 10), noted(a, 20), b}, "a sold, b"},
		{"noted too late", []calllog.Row{a, b, c, noted(a, 100)}, "a, b, c"},
		{"the first row was never written", []calllog.Row{noted(a, 10), b}, "a sold, b"},
		{"received before and after", []calllog.Row{rowAt("x", -1, 1), a, rowAt("y", 60, 61), b}, "a, b"},
		{"settled up to an earlier time", []calllog.Row{a, settled(c, 0), b}, "a, c, b"},
		{"settled, and an hour for notes", []calllog.Row{a, b, settled(rowAt("y", 60, 61), 60), noted(b, 61), rowAt("z", 100, 130), rowAt("late", 0, 200)}, "a, b sold"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := mustOpen(t, t.TempDir())
			for i, r := range tc.rows {
				r.Seq = uint64(i + 1)
				if _, err := l.Archive(t.Context(), []calllog.Row{r}); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			err := l.History(t.Context(), t0, t0.Add(time.Hour), func(r calllog.Row) error {
				got = append(got, strings.TrimSpace(r.Call+" "+r.Disposition))
				return nil
			})
			if s := strings.Join(got, ", "); err != nil || s != tc.want {
				t.Errorf("got %q, %v, want %q", s, err, tc.want)
			}
		})
	}
}

// TestHistoryAfterTheEnd: whatever becomes known of a call after its end, however
// late, the history tells the call once.
func TestHistoryAfterTheEnd(t *testing.T) {
	at := func(minutes int) time.Time { return t0.Add(time.Duration(minutes) * time.Minute) }
	ended := func(id string, after int) call.Call {
		return call.Call{ID: id, Queue: "web", State: call.Ended, Outcome: call.Completed, Received: t0, Ended: at(after)}
	}
	for _, kind := range []call.Kind{call.KindNoted, call.KindRecordingStarted, call.KindRecordingStopped} {
		for name, late := range map[string]int{"soon": 30, "late": 180, "by a clock that was set back": -1} {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				l := mustOpen(t, t.TempDir())
				a, b := ended("a", 1), ended("b", 90)
				for i, e := range []calllog.Entry{
					{Event: call.Event{Kind: call.KindLeft, At: a.Ended}, Call: a},
					{Event: call.Event{Kind: call.KindLeft, At: b.Ended}, Call: b}, // a is given out
					{Event: call.Event{Kind: kind, At: at(late)}, Call: a},
				} {
					e.Seq = uint64(i + 1)
					if _, err := l.Archive(t.Context(), []calllog.Row{calllog.RowOf(e)}); err != nil {
						t.Fatal(err)
					}
				}
				var got []string
				err := l.History(t.Context(), t0, at(60), func(r calllog.Row) error { got = append(got, r.Call); return nil })
				if err != nil || strings.Join(got, " ") != "a b" {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
	}
}

// TestHistoryHoldsLittle: of more calls in an hour than are held back each is
// given once all the same.
func TestHistoryHoldsLittle(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	var rows []calllog.Row
	const calls = 6000
	for i := range calls {
		r := rowAt(fmt.Sprint("c", i), 0, 0)
		r.Ended = t0.Add(time.Duration(i+1) * time.Millisecond)
		rows = append(rows, r)
	}
	for i := range calls {
		rows = append(rows, noted(rows[i], 10))
	}
	for i := range rows {
		rows[i].Seq = uint64(i + 1)
	}
	if _, err := l.Archive(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	if err := l.History(t.Context(), t0, t0.Add(time.Hour), func(r calllog.Row) error { seen[r.Call]++; return nil }); err != nil {
		t.Fatal(err)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("call %s was given %d times", id, n)
		}
	}
	if len(seen) != calls {
		t.Errorf("%d calls, want %d", len(seen), calls)
	}
}

// TestHistoryStops when a row can't be taken.
func TestHistoryStops(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	r := rowAt("a", 0, 1)
	r.Seq = 1
	if _, err := l.Archive(t.Context(), []calllog.Row{r}); err != nil {
		t.Fatal(err)
	}
	full := fmt.Errorf("the paper has run out")
	if err := l.History(t.Context(), t0, t0.Add(time.Hour), func(calllog.Row) error { return full }); err == nil || !strings.Contains(err.Error(), "paper") {
		t.Errorf("got %v", err)
	}
}
