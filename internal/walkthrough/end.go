//go:build linux

package walkthrough

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// Record has Anna start and stop a recording on the call's card, with the keyboard.
func (w *Walk) Record(ctx context.Context) error {
	id, err := w.onlyCall(ctx)
	if err != nil {
		return err
	}
	if err := w.keyInWindow(ctx, w.Anna, "Tab", "Tab", "Tab", "space"); err != nil { // over Open and Copy to Record
		return err
	}
	_, err = w.awaitCall(ctx, id, "the recording to start", func(r record) bool {
		return len(r.Recordings) == 1 && r.Recordings[0].By == w.Anna.user && r.Recordings[0].Stopped == ""
	})
	if err != nil {
		return err
	}
	if err := w.keep(ctx, w.Anna, "10-recording", glanceWithin); err != nil {
		return err
	}
	if err := w.Anna.Key(ctx, "space"); err != nil { // on Stop recording, in the same place
		return err
	}
	_, err = w.awaitCall(ctx, id, "the recording to stop", func(r record) bool {
		return len(r.Recordings) == 1 && r.Recordings[0].Stopped != ""
	})
	if err != nil {
		return err
	}
	w.say("Anna recorded a part of the call")
	return nil
}

// Finish has Anna finish her call: its meeting is deleted, and the guests are led
// back to the shop, the customer among them.
func (w *Walk) Finish(ctx context.Context) error {
	id, err := w.onlyCall(ctx)
	if err != nil {
		return err
	}
	if err := w.keyInWindow(ctx, w.Anna, "Tab", "space"); err != nil { // from Stop recording to Finish
		return err
	}
	if err := w.Anna.Key(ctx, "Tab", "Tab", "Tab", "Tab", "space"); err != nil { // over how it went, Return and Back to Finish call
		return err
	}
	_, err = w.awaitCall(ctx, id, "Anna to finish the call", func(r record) bool {
		return r.State == "ended" && r.Outcome == "completed" && r.Agent == w.Anna.user
	})
	if err != nil {
		return err
	}
	w.say("Anna has finished the call")
	err = desktoptest.Await(ctx, "the customer to be back in the shop", func(ctx context.Context) (bool, error) {
		windows, err := w.Anna.Windows(ctx)
		if err != nil {
			return false, err
		}
		for _, window := range windows {
			if window.Rect == websiteAt && window.Title == shop {
				return true, nil
			}
		}
		return false, fmt.Errorf("the windows are %+v", windows)
	})
	if err != nil {
		return err
	}
	if err := w.sessionPages(ctx, session, 0); err != nil {
		return err
	}
	w.say("the meeting is over, and the customer was led back to the shop")
	return w.picture(ctx, w.Anna, "11-over")
}
