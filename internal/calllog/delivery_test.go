package calllog_test

import (
	"encoding/base64"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/calllog"
)

func deliveryOf(id string) calllog.Delivery {
	return calllog.Delivery{
		Address: calllog.Address{Kind: "motion", Target: "web", Call: id, What: "created"},
		At:      t0, ContentType: "text/plain", Body: []byte("Customer of " + id + " \xff"),
	}
}

func mustWait(t *testing.T, l *calllog.Log, id string) {
	t.Helper()
	if added, err := l.AppendDelivery(t.Context(), deliveryOf(id)); err != nil || !added {
		t.Fatal(added, err)
	}
}

// followDeliveries gives what the log tells of deliveries until it has caught up.
func followDeliveries(t *testing.T, l *calllog.Log) (waiting []calllog.Delivery, settled []calllog.Settled) {
	t.Helper()
	caughtUp := make(chan struct{})
	stop, err := l.FollowDeliveries(t.Context(), func(d calllog.Delivery) { waiting = append(waiting, d) },
		func(s calllog.Settled) { settled = append(settled, s) }, func() { close(caughtUp) })
	if err != nil {
		t.Fatal(err)
	}
	<-caughtUp
	stop()
	return waiting, settled
}

// TestDeliveries: a delivery waits once, byte for byte, over a restart, until it
// is settled; then nothing of it stands on the disk.
func TestDeliveries(t *testing.T) {
	t.Log("real: deliveries on the disk")
	dir := t.TempDir()
	t.Run("wait", func(t *testing.T) {
		l := mustOpen(t, dir)
		mustWait(t, l, "c1")
		mustWait(t, l, "c2")
		if added, err := l.AppendDelivery(t.Context(), deliveryOf("c1")); err != nil || added {
			t.Errorf("the same again: %v, %v", added, err)
		}
	})
	t.Run("settle", func(t *testing.T) {
		l := mustOpen(t, dir)
		waiting, _ := followDeliveries(t, l)
		if len(waiting) != 2 || waiting[0].Address != deliveryOf("c1").Address || waiting[0].Body != nil {
			t.Fatalf("%+v", waiting)
		}
		d, found, err := l.Delivery(t.Context(), waiting[0].Seq)
		if err != nil || !found || !slices.Equal(d.Body, deliveryOf("c1").Body) || d.ContentType != "text/plain" || !d.At.Equal(t0) {
			t.Errorf("%+v, %v, %v", d, found, err)
		}
		s := calllog.Settled{Address: d.Address, At: t0, How: "delivered", Interaction: "7"}
		for range 2 { // nobody knew whether the first one was noted
			if err := l.SettleDelivery(t.Context(), s, d.Seq); err != nil {
				t.Fatal(err)
			}
		}
		if _, found, err := l.Delivery(t.Context(), d.Seq); err != nil || found {
			t.Errorf("it is there still: %v, %v", found, err)
		}
		if added, err := l.AppendDelivery(t.Context(), deliveryOf("c1")); err != nil || added {
			t.Errorf("once more after it was settled: %v, %v", added, err)
		}
		waiting, settled := followDeliveries(t, l)
		if len(waiting) != 1 || waiting[0].Call != "c2" || len(settled) != 1 || settled[0] != s {
			t.Errorf("%+v, %+v", waiting, settled)
		}
		ofCall, became, err := l.DeliveriesOf(t.Context(), "c1")
		if err != nil || len(ofCall) != 0 || len(became) != 1 || became[0] != s {
			t.Errorf("%+v, %+v, %v", ofCall, became, err)
		}
	})
	for id, there := range map[string]bool{"c1": false, "c2": true} {
		if files := onDisk(t, dir, base64.StdEncoding.EncodeToString(deliveryOf(id).Body)); (len(files) > 0) != there {
			t.Errorf("the body of %s is in %v", id, files)
		}
	}
}
