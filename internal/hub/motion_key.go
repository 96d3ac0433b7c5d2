package hub

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	motionKeyFile       = "motion.key" // in the data folder
	motionKeyCredential = "motion-key" // in systemd's $CREDENTIALS_DIRECTORY
	maxMotionKey        = 4096
)

// motionKey is where the key of Motion's REST lies. It is read whenever it is
// needed, and kept nowhere else.
type motionKey struct{ dir, credentials string }

// Where the key is.
const (
	keyNowhere = "none"
	keyStored  = "stored"  // by 'motion key'
	keySystemd = "systemd" // in its care
)

// read reads the key. The error is for an administrator.
func (k motionKey) read() (string, error) {
	where := k.where()
	path := filepath.Join(k.dir, motionKeyFile)
	switch where {
	case keyNowhere:
		return "", errors.New("the hub has no key of Motion's REST: give it with 'deskbell-hub motion key'")
	case keySystemd:
		path = filepath.Join(k.credentials, motionKeyCredential)
	}
	info, err := os.Stat(path)
	if err == nil && where == keyStored && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", errors.New("the key of Motion's REST can be read by others: make a new one in Motion, and give it with 'deskbell-hub motion key'")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", errors.New("the hub can't read the key of Motion's REST: see who may read motion.key in its data folder")
	}
	return strings.TrimSpace(string(data)), nil
}

func (k motionKey) where() string {
	if k.credentials != "" {
		if _, err := os.Stat(filepath.Join(k.credentials, motionKeyCredential)); err == nil {
			return keySystemd
		}
	}
	if _, err := os.Stat(filepath.Join(k.dir, motionKeyFile)); err == nil {
		return keyStored
	}
	return keyNowhere
}

// store keeps a key, for the hub's user only.
func (k motionKey) store(key string) error {
	file, err := os.CreateTemp(k.dir, "."+motionKeyFile+"-") // 0600
	if err != nil {
		return fmt.Errorf("store the key of Motion's REST: %w", err)
	}
	defer os.Remove(file.Name()) // it has its name by then, unless something failed
	_, err = file.WriteString(key)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), filepath.Join(k.dir, motionKeyFile))
	}
	if err != nil {
		return fmt.Errorf("store the key of Motion's REST: %w", err)
	}
	return nil
}

// forget removes a stored key.
func (k motionKey) forget() error {
	if err := os.Remove(filepath.Join(k.dir, motionKeyFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the key of Motion's REST: %w", err)
	}
	return nil
}

// AdminMotion tells what the hub has for Motion's REST.
type AdminMotion struct {
	Key string `json:"key"` // none, stored, systemd: never the key
}

// MotionKeyChange is another key of Motion's REST.
type MotionKeyChange struct {
	Key string `json:"key"`
}

func (h *Hub) adminShowMotion(*http.Request, caller) (int, any, error) {
	return http.StatusOK, AdminMotion{Key: h.motion.where()}, nil
}

func (h *Hub) adminSetMotionKey(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[MotionKeyChange](r)
	if err != nil {
		return 0, nil, err
	}
	key := strings.TrimSpace(string(in.Key))
	if len(key) < 8 || len(key) > maxMotionKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return 0, nil, badField("key", "That is no key of Motion's REST: it has 8 to %d characters and no spaces. Copy it whole from Motion.", maxMotionKey)
	}
	if err := h.motion.store(key); err != nil {
		return 0, nil, err
	}
	h.hastenMotion()
	return http.StatusOK, AdminMotion{Key: h.motion.where()}, nil
}

func (h *Hub) adminForgetMotionKey(*http.Request, caller) (int, any, error) {
	err := h.motion.forget()
	return http.StatusOK, AdminMotion{Key: h.motion.where()}, err
}
