package hub

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// recordingDownloaded is how the audit log calls that somebody has downloaded a
// recording.
const recordingDownloaded = "recording.download"

const (
	maxDownloads   = 8 // at once
	downloadStall  = 30 * time.Second
	downloadBuffer = 64 << 10
	anyBytes       = "application/octet-stream"
)

// bounded counts what is done at the same time.
type bounded struct{ n atomic.Int32 }

func (b *bounded) enter(most int32) bool {
	if b.n.Add(1) > most {
		b.n.Add(-1)
		return false
	}
	return true
}

func (b *bounded) leave() { b.n.Add(-1) }

var (
	noRecording   = notFound("The call has no such recording.")
	notDownloaded = &call.Error{Code: call.Unavailable, Message: "Vidaoo does not give the recording now: try again in a minute. The hub's log tells an administrator why."}
	noKeyToLoad   = &call.Error{Code: call.Unavailable, Message: "The hub can't get the recording: it has no API key of Vidaoo. An administrator stores one with 'deskbell-hub vidaoo connect'."}
	manyDownloads = &call.Error{Code: call.TooMany, Message: "Too many recordings are being downloaded: wait until one is done."}
)

// downloadRecording passes a recording on to a supervisor as it comes from
// Vidaoo. It is noted before.
func (h *Hub) downloadRecording(w http.ResponseWriter, r *http.Request, by caller) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	c, recording, err := h.recordingOf(ctx, r, by)
	if err == nil && !h.downloads.enter(maxDownloads) {
		err = manyDownloads
	}
	if err != nil {
		writeProblem(w, err)
		return
	}
	defer h.downloads.leave()
	var media *vidaoo.Media
	entry := calllog.Audit{Action: recordingDownloaded, Target: c.ID, Options: map[string]any{"recording": recording}}
	err = h.audited(ctx, by, entry, func(caller) (err error) {
		media, err = h.openRecording(ctx, c, recording)
		return err
	})
	if err != nil {
		writeProblem(w, err)
		return
	}
	defer media.Close()
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{}) // the request is read; a download may last longer than reading one may
	w.Header().Set("Content-Type", mediaType(media.ContentType))
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(c, recording, media)+`"`)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	if media.Length >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(media.Length, 10))
	}
	defer context.AfterFunc(ctx, func() { _ = rc.SetWriteDeadline(time.Now()) })() // what can't be torn ends at its own deadline
	if err := passOn(ctx, w, rc, media); err != nil {
		if r.Context().Err() == nil {
			h.log.Warn("download of a recording broken off", "call", c.ID, "recording", recording, "err", err)
		}
		panic(http.ErrAbortHandler) // it must not look whole
	}
}

// recordingOf finds the recording that a supervisor asks for.
func (h *Hub) recordingOf(ctx context.Context, r *http.Request, by caller) (call.Call, string, error) {
	recording := r.PathValue("recording")
	e, err := h.find(ctx, r.PathValue("id"))
	switch {
	case err != nil:
	case !by.sight().call(e.Call):
		err = noCallInSight
	case !slices.ContainsFunc(e.Call.Recordings, func(r call.Recording) bool { return r.ID == recording }):
		err = noRecording
	}
	return e.Call, recording, err
}

func (h *Hub) openRecording(ctx context.Context, c call.Call, recording string) (*vidaoo.Media, error) {
	if !h.hasKey() {
		return nil, noKeyToLoad
	}
	media, err := h.meetings.OpenRecording(ctx, recording)
	if err != nil {
		h.log.Error("recording not downloaded", "queue", c.Queue, "call", c.ID, "recording", recording, "err", err)
		return nil, notDownloaded
	}
	return media, nil
}

// passOn writes what is read, a piece at a time. Each has a deadline of its own.
func passOn(ctx context.Context, w io.Writer, rc *http.ResponseController, from io.Reader) error {
	buffer := make([]byte, downloadBuffer)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if err := rc.SetWriteDeadline(time.Now().Add(downloadStall)); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil { // it was torn before
				return err
			}
			if _, err := w.Write(buffer[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// mediaType is a type that a browser does nothing with but play it: what Vidaoo
// says is not trusted with any other.
func mediaType(said string) string {
	kind, parameters, err := mime.ParseMediaType(said)
	if err != nil || !strings.HasPrefix(kind, "video/") && !strings.HasPrefix(kind, "audio/") {
		return anyBytes
	}
	return firstOf(mime.FormatMediaType(kind, parameters), anyBytes)
}

// fileName is what the file is called: after the call, and which of its
// recordings it is.
func fileName(c call.Call, recording string, media *vidaoo.Media) string {
	place := slices.IndexFunc(c.Recordings, func(r call.Recording) bool { return r.ID == recording })
	return "recording-" + c.ID + "-" + strconv.Itoa(place+1) + media.Extension
}
