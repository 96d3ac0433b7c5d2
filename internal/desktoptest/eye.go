//go:build linux

package desktoptest

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"net"
	"strings"
	"time"
)

// An Eye looks at parts of the screen over a connection of its own to the X server. A look takes well under a
// millisecond and starts no program, so that what appears on the screen can be timed. It is for one goroutine.
type Eye struct {
	conn net.Conn
	root uint32 // the window that is the screen
}

// What of the X11 protocol an eye speaks: the greeting without a password, which the desktop's screen asks
// nobody for, and one request.
const (
	xGetImage   = 73
	xPixels     = 2 // the format in which an image comes: all planes of a pixel together
	xReplySize  = 32
	xBytesPixel = 4
)

// Eye opens an eye. The caller closes it.
func (d *Desktop) Eye() (*Eye, error) {
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(d.display, ":"))
	if err != nil {
		return nil, fmt.Errorf("desktop: no connection to the screen: %w", err)
	}
	e := &Eye{conn: conn}
	if err := e.greet(); err != nil {
		_ = conn.Close() // it is of no use
		return nil, fmt.Errorf("desktop: the screen does not take a connection: %w", err)
	}
	return e, nil
}

// Close ends the connection.
func (e *Eye) Close() error { return e.conn.Close() }

// greet opens the connection and learns which window is the screen.
func (e *Eye) greet() error {
	hello := []byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0} // little endian, protocol 11.0
	var head [8]byte
	if err := e.ask(hello, head[:]); err != nil {
		return err
	}
	words := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:])))
	if _, err := io.ReadFull(e.conn, words); err != nil {
		return err
	}
	if head[0] != 1 {
		return fmt.Errorf("refused: %q", words[:min(int(head[1]), len(words))])
	}
	const fixed, format = 32, 8
	if len(words) < fixed {
		return fmt.Errorf("a greeting of %d bytes", len(words))
	}
	vendor := (int(binary.LittleEndian.Uint16(words[16:])) + 3) &^ 3
	at := fixed + vendor + format*int(words[21])
	if len(words) < at+4 {
		return fmt.Errorf("a greeting of %d bytes, without a screen", len(words))
	}
	e.root = binary.LittleEndian.Uint32(words[at:])
	return nil
}

// Look returns the pixels of a place that is on the screen, row by row.
func (e *Eye) Look(place image.Rectangle) ([]uint32, error) {
	request := []byte{xGetImage, xPixels, 5, 0}
	request = binary.LittleEndian.AppendUint32(request, e.root)
	for _, n := range []int{place.Min.X, place.Min.Y, place.Dx(), place.Dy()} {
		request = binary.LittleEndian.AppendUint16(request, uint16(n))
	}
	request = binary.LittleEndian.AppendUint32(request, ^uint32(0))
	var head [xReplySize]byte
	if err := e.ask(request, head[:]); err != nil {
		return nil, fmt.Errorf("desktop: the screen was not seen: %w", err)
	}
	size := place.Dx() * place.Dy() * xBytesPixel
	if got := 4 * int(binary.LittleEndian.Uint32(head[4:])); head[0] != 1 || got != size {
		return nil, fmt.Errorf("desktop: the screen was not seen at %v: the answer has type %d and %d bytes; is the place on the screen?", place, head[0], got)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(e.conn, data); err != nil {
		return nil, fmt.Errorf("desktop: the screen was not seen: %w", err)
	}
	pixels := make([]uint32, len(data)/xBytesPixel)
	for i := range pixels {
		pixels[i] = binary.LittleEndian.Uint32(data[i*xBytesPixel:]) & 0xffffff
	}
	return pixels, nil
}

// ask sends a request and reads the beginning of its answer.
func (e *Eye) ask(request, head []byte) error {
	if err := e.conn.SetDeadline(time.Now().Add(toolDeadline)); err != nil {
		return err
	}
	if _, err := e.conn.Write(request); err != nil {
		return err
	}
	_, err := io.ReadFull(e.conn, head)
	return err
}
