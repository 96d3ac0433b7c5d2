package vidaoo

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"strings"
)

// part is the file of a download that is not whole yet. Beside it, in FILE.tag, is what the server said
// to tell one version of the recording from another; without that, another run begins anew.
type part struct {
	path string
	file *os.File
	size int64
	sum  hash.Hash
	tag  string // an ETag or a date for If-Range; "" if the server gave none
}

// diskError says that the recording could not be written.
type diskError struct {
	path string
	err  error
}

func (e *diskError) Error() string {
	return fmt.Sprintf("write %s: %v: check the folder's permissions and the disk's space", e.path, e.err)
}

func (e *diskError) Unwrap() error { return e.err }

// openPart opens the file that an earlier run left, or a new one. Recordings are of people: only this
// user may read them.
func openPart(path string) (*part, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &diskError{path, err}
	}
	p := &part{path: path, file: file, sum: sha256.New()}
	tag, err := os.ReadFile(path + ".tag")
	if p.tag = strings.TrimSpace(string(tag)); err != nil || p.tag == "" {
		err = p.from(0, http.Header{})
	} else if p.size, err = io.Copy(p.sum, file); err != nil {
		err = &diskError{path, err}
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// ask asks for what is missing.
func (p *part) ask(header http.Header) {
	if p.size == 0 {
		return
	}
	header.Set("Range", fmt.Sprintf("bytes=%d-", p.size))
	if p.tag != "" {
		header.Set("If-Range", p.tag)
	}
}

// changed tells whether an answer is about another version than the one that is there.
func (p *part) changed(header http.Header) bool {
	tag := tagOf(header)
	return tag != "" && p.tag != "" && tag != p.tag
}

// tagOf is what tells versions apart: a strong ETag, else the date.
func tagOf(header http.Header) string {
	if tag := header.Get("ETag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	return header.Get("Last-Modified")
}

// from has the next bytes go to a place: the end of what is there, or the beginning.
func (p *part) from(at int64, header http.Header) error {
	if at == p.size && at > 0 {
		return nil
	}
	p.size, p.tag = 0, tagOf(header)
	p.sum.Reset()
	err := errors.Join(p.file.Truncate(0), p.rewind())
	if err == nil && p.tag != "" {
		err = os.WriteFile(p.path+".tag", []byte(p.tag+"\n"), 0o600)
	} else {
		_ = os.Remove(p.path + ".tag") // of another version; mostly there is none
	}
	if err != nil {
		return &diskError{p.path, err}
	}
	return nil
}

func (p *part) rewind() error {
	_, err := p.file.Seek(0, io.SeekStart)
	return err
}

func (p *part) write(data []byte) error {
	n, err := p.file.Write(data)
	p.size += int64(n)
	p.sum.Write(data[:n])
	if err != nil {
		return &diskError{p.path, err}
	}
	return nil
}

// finish gives the whole file its name.
func (p *part) finish(name string) error {
	err := p.file.Sync()
	if closed := p.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(p.path, name)
	}
	if err != nil {
		return &diskError{name, err}
	}
	_ = os.Remove(p.path + ".tag") // of a file that is no more
	return nil
}

// close leaves what is worth going on with.
func (p *part) close() {
	_ = p.file.Close() // it may be closed
	if p.size == 0 {
		_ = os.Remove(p.path) // it may have its name already
		_ = os.Remove(p.path + ".tag")
	}
}
