package vidaoo

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/link"
)

// maxRedirects is how often a download is sent on: recordings often lie in a store of files.
const maxRedirects = 5

// DownloadOptions say where a recording goes.
type DownloadOptions struct {
	File     string                  // "" for "recording-ID" with what its type is called, in this folder
	Progress func(done, total int64) // called now and then; total is -1 if the server does not tell it; may be nil
	Started  func(resumedAt int64)   // called when bytes begin to come; may be nil
}

// Download is a recording on disk.
type Download struct {
	File    string `json:"file"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Resumed int64  `json:"resumed"` // bytes that an earlier attempt had left
}

// errStalled is the cause when no byte came for the client's timeout.
var errStalled = fmt.Errorf("no byte came: %w", context.DeadlineExceeded)

// DownloadRecording streams a recording to a file. Until it is whole it is in FILE.part; a download that
// was cut goes on there if the server allows it, also one of an earlier run.
func (c *Client) DownloadRecording(ctx context.Context, id string, o DownloadOptions) (Download, error) {
	e, err := c.endpointOf(call{op: RecordingDownload, id: id})
	if err != nil {
		return Download{}, err
	}
	name := cmp.Or(o.File, "recording-"+safeName(id))
	if o.File != "" {
		if err := absent(o.File); err != nil {
			return Download{}, err
		}
	}
	part, err := openPart(name + ".part")
	if err != nil {
		return Download{}, err
	}
	defer part.close()
	d := download{client: c, endpoint: e, id: id, options: o, part: part, total: -1}
	if err := d.run(ctx); err != nil {
		return Download{}, err
	}
	if o.File == "" {
		if name += extension(d.contentType); absent(name) != nil {
			return Download{}, absent(name)
		}
	}
	if err := part.finish(name); err != nil {
		return Download{}, err
	}
	return Download{name, part.size, hex.EncodeToString(part.sum.Sum(nil)), d.resumed}, nil
}

func absent(file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s is there already: remove it, or name another file with --output", file)
	}
	return nil
}

// safeName is an id as a part of a file's name.
func safeName(id string) string {
	return clean.Text(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, id), 80)
}

// extension is what files of a type are called.
func extension(contentType string) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "video/mp4":
		return ".mp4"
	case "video/webm":
		return ".webm"
	case "video/x-matroska":
		return ".mkv"
	case "audio/mpeg":
		return ".mp3"
	case "audio/ogg":
		return ".ogg"
	case "application/zip":
		return ".zip"
	}
	return ""
}

// download is one recording on its way.
type download struct {
	client      *Client
	endpoint    endpoint
	id          string
	options     DownloadOptions
	part        *part
	total       int64 // of the whole recording; -1 if not known
	resumed     int64
	contentType string
	begun       bool // bytes came in this run
}

// run tries until the recording is whole. An attempt that brought something does not count.
func (d *download) run(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		before := d.part.size
		err := d.attempt(ctx)
		if err == nil {
			return nil
		}
		if d.part.size > before {
			attempt = 1
		}
		wait, again := d.client.again(d.endpoint, attempt, err)
		if !again || !pause(ctx, wait) {
			return d.kept(err)
		}
	}
}

// kept adds what there is to go on with.
func (d *download) kept(err error) error {
	if d.part.size == 0 || d.part.tag == "" {
		return err
	}
	return fmt.Errorf("%w; %d bytes are kept in %s, and the same command goes on from there", err, d.part.size, d.part.path)
}

// attempt asks for what is missing and writes it.
func (d *download) attempt(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(d.client.timeout, func() { cancel(errStalled) })
	defer stall.Stop()
	response, err := d.ask(ctx)
	if err != nil {
		return d.trouble(ctx, err)
	}
	defer response.Body.Close()
	whole, err := d.begin(response)
	if whole || err != nil {
		return err
	}
	reader := &fed{response.Body, func() { stall.Reset(d.client.timeout) }}
	if err := d.copy(reader); err != nil {
		return d.trouble(ctx, err)
	}
	if d.total >= 0 && d.part.size != d.total {
		return d.trouble(ctx, io.ErrUnexpectedEOF)
	}
	return nil
}

// trouble is an error of the way, unless it is already a sentence.
func (d *download) trouble(ctx context.Context, err error) error {
	var disk *diskError
	var status *StatusError
	var reply *ReplyError
	var network *NetworkError
	if errors.As(err, &disk) || errors.As(err, &status) || errors.As(err, &reply) || errors.As(err, &network) {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return newNetworkError(RecordingDownload, d.endpoint, d.client.base.Host, err)
}

// ask sends the request and follows where the recording lies. The key goes to the API's host only.
func (d *download) ask(ctx context.Context) (*http.Response, error) {
	what := call{op: RecordingDownload, id: d.id}
	request, err := d.client.request(ctx, d.endpoint, what)
	if err != nil {
		return nil, err
	}
	for range maxRedirects {
		request.Header.Set("Accept", "*/*")
		request.Header.Set("Accept-Encoding", "identity") // the size is the file's
		if d.part != nil {
			d.part.ask(request.Header)
		}
		response, err := d.client.http.Do(request)
		if err != nil || response.StatusCode/100 != 3 || response.Header.Get("Location") == "" {
			return response, err
		}
		_ = response.Body.Close() // it says nothing more
		to, err := request.URL.Parse(response.Header.Get("Location"))
		if err != nil || link.Check(to.String()) != nil {
			return nil, &ReplyError{RecordingDownload, d.client.base.Host, "it sends to an address that is not https: tell who runs it"}
		}
		if request, err = d.follow(ctx, to); err != nil {
			return nil, err
		}
	}
	return nil, &ReplyError{RecordingDownload, d.client.base.Host, "it sends from one address to the next without end: tell who runs it"}
}

func (d *download) follow(ctx context.Context, to *url.URL) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil || to.Scheme != d.client.base.Scheme || to.Host != d.client.base.Host {
		return request, err
	}
	return request, d.client.sign(ctx, request, RecordingDownload)
}

// begin looks at the head of an answer and puts the file where its bytes go. It tells whether there is
// nothing left to come.
func (d *download) begin(response *http.Response) (whole bool, err error) {
	at, total := int64(0), response.ContentLength
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusPartialContent:
		if at, total = contentRange(response.Header.Get("Content-Range")); at != d.part.size || d.part.changed(response.Header) || d.total >= 0 && total != d.total {
			return false, d.again()
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if _, total := contentRange(response.Header.Get("Content-Range")); d.part.size > 0 && total == d.part.size && !d.part.changed(response.Header) {
			d.resumed = d.part.size
			return true, nil
		}
		return false, d.again()
	default:
		body, _ := io.ReadAll(io.LimitReader(response.Body, maxReply)) // what came of it
		return false, d.client.refusal(d.endpoint, call{op: RecordingDownload}, response, body)
	}
	if err := d.isRecording(response); err != nil {
		return false, err
	}
	d.total, d.contentType = total, response.Header.Get("Content-Type")
	if !d.begun {
		d.resumed = at
	}
	d.begun = true
	if d.options.Started != nil {
		d.options.Started(at)
	}
	return false, d.part.from(at, response.Header)
}

// again forgets what is there: it is not the beginning of what the server has.
func (d *download) again() error {
	d.total, d.begun = -1, false
	if err := d.part.from(0, http.Header{}); err != nil {
		return err
	}
	return &NetworkError{Operation: RecordingDownload, Host: d.client.base.Host, Sent: true, Err: errors.New("the recording is another one now")}
}

// isRecording refuses what is a sentence about a recording.
func (d *download) isRecording(response *http.Response) error {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind != "application/json" && kind != "text/html" {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxReply)) // what came of it
	why := "it is a web page and no recording"
	if object, err := decodeObject(body); err == nil {
		why = "it is no recording but JSON with " + strings.Join(present(object, "", nil), ", ")
	}
	return &ReplyError{RecordingDownload, d.client.base.Host, why + "; set where recordings are with --set '" + string(RecordingDownload) + "=GET /path/{id}'"}
}

func (d *download) copy(from io.Reader) error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if err := d.part.write(buffer[:n]); err != nil {
				return err
			}
			if d.options.Progress != nil {
				d.options.Progress(d.part.size, d.total)
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

// contentRange reads "bytes 5-9/10" and "bytes */10"; -1 is for what it does not tell.
func contentRange(text string) (at, total int64) {
	var end int64
	if n, _ := fmt.Sscanf(text, "bytes %d-%d/%d", &at, &end, &total); n == 3 && end >= at && end < total {
		return at, total
	}
	if n, _ := fmt.Sscanf(text, "bytes */%d", &total); n == 1 {
		return -1, total
	}
	if n, _ := fmt.Sscanf(text, "bytes %d-%d/*", &at, &end); n == 2 && end >= at {
		return at, -1
	}
	return -1, -1
}

// fed is a reader that tells when something came.
type fed struct {
	io.Reader
	came func()
}

func (f *fed) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if n > 0 {
		f.came()
	}
	return n, err
}
