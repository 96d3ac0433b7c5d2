package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

// signInWidth is the width of the form.
const signInWidth = 340

// signInForm is what the person typed.
type signInForm struct {
	hub, user, password string
	stay                bool
}

// signInView are the widgets of the sign-in: the form, what goes on, and what
// went wrong.
type signInView struct {
	root                fyne.CanvasObject
	hub, user, password *widget.Entry
	stay                *widget.Check
	submit              *widget.Button

	fields        fyne.CanvasObject
	progress      fyne.CanvasObject
	progressWords *text
	activity      *widget.Activity

	problem      *strip
	choices      fyne.CanvasObject // what to do about a keyring that failed
	retry, leave *widget.Button
}

// signInActions are what the buttons do.
type signInActions struct {
	signIn       func(signInForm)
	retryKeyring func()
	sessionOnly  func()
}

func newSignInView(do signInActions) *signInView {
	v := &signInView{
		hub:           widget.NewEntry(),
		user:          widget.NewEntry(),
		password:      widget.NewPasswordEntry(),
		stay:          widget.NewCheck(lang.T("Stay signed in"), nil),
		activity:      widget.NewActivity(),
		progressWords: newText("", textStyle{color: colorMuted, whole: true}),
		problem:       newStrip(colorAlert, theme.ColorNameError, theme.ErrorIcon(), signInWidth),
	}
	v.hub.PlaceHolder = "bell.example.org"
	v.stay.Checked = true
	submit := func() { do.signIn(v.form()) }
	v.submit = widget.NewButton(lang.T("Sign in"), submit)
	v.submit.Importance = widget.HighImportance
	for _, e := range []*widget.Entry{v.hub, v.user, v.password} {
		e.OnSubmitted = func(string) { submit() }
	}
	v.retry = widget.NewButton(lang.T("Try the keyring again"), do.retryKeyring)
	v.retry.Importance = widget.HighImportance
	v.leave = widget.NewButton(lang.T("Sign in for this session only"), do.sessionOnly)
	v.choices = column(8, v.retry, v.leave)
	v.progress = container.NewCenter(row(8,
		container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(18)), v.activity), centerY(v.progressWords)))
	v.root = v.layout()
	v.ask("")
	return v
}

func (v *signInView) layout() fyne.CanvasObject {
	v.fields = column(0,
		newText(lang.T("Sign in to Deskbell"), textStyle{size: sizeTitle, bold: true, align: fyne.TextAlignCenter}),
		space(0, 4),
		newText(lang.T("The address comes from your administrator."),
			textStyle{color: colorMuted, align: fyne.TextAlignCenter, lines: 2, width: signInWidth}),
		space(0, 20),
		field(lang.T("Hub address"), v.hub), space(0, 10),
		field(lang.T("User"), v.user), space(0, 10),
		field(lang.T("Password"), v.password), space(0, 6),
		container.New(layout.NewCustomPaddedLayout(0, 0, -7, 0), v.stay))
	form := column(0, container.NewCenter(appIcon(64)), space(0, 12), v.fields,
		container.New(above(8), v.problem.root), space(0, 12),
		container.NewStack(container.New(tall{height: 40, shares: []float32{1}}, v.submit), v.progress, v.choices))
	return container.NewCenter(inset(28, 26, container.New(fixedWidth(signInWidth), form)))
}

// field is an entry under its name.
func field(name string, entry *widget.Entry) fyne.CanvasObject {
	return column(4, newText(name, textStyle{size: sizeCaption, color: colorMuted, bold: true}), entry)
}

func (v *signInView) form() signInForm {
	return signInForm{hub: v.hub.Text, user: v.user.Text, password: v.password.Text, stay: v.stay.Checked}
}

// takeOver keeps what the person typed into the form that this one replaces, and
// what it waited for.
func (v *signInView) takeOver(before *signInView) {
	v.fill(before.hub.Text, before.user.Text)
	v.password.SetText(before.password.Text)
	v.stay.SetChecked(before.stay.Checked)
	switch {
	case before.choices.Visible():
		v.choose(before.problem.sentence.words)
	case before.progress.Visible() && before.fields.Visible():
		v.busy(before.progressWords.words)
	case before.progress.Visible():
		v.resume(before.progressWords.words)
	default:
		v.ask(before.problem.sentence.words)
	}
}

// fill puts values into the form, where there are any.
func (v *signInView) fill(hub, user string) {
	v.hub.SetText(hub)
	v.user.SetText(user)
}

// ask shows the form, with a sentence if something went wrong. What was typed
// is kept.
func (v *signInView) ask(problem string) {
	v.enable(true)
	v.fields.Show()
	v.activity.Stop()
	v.progress.Hide()
	v.choices.Hide()
	v.submit.Show()
	v.problem.say(problem)
}

// resume shows what is waited for where the person has nothing to enter.
func (v *signInView) resume(words string) {
	v.fields.Hide()
	v.busy(words)
}

// busy shows what is waited for.
func (v *signInView) busy(words string) {
	v.enable(false)
	v.problem.say("")
	v.submit.Hide()
	v.choices.Hide()
	v.progressWords.SetText(words)
	v.progress.Show()
	v.activity.Start()
}

// choose shows that the keyring failed, and the ways on.
func (v *signInView) choose(problem string) {
	v.enable(false)
	v.activity.Stop()
	v.progress.Hide()
	v.submit.Hide()
	v.choices.Show()
	v.problem.say(problem)
}

func (v *signInView) enable(on bool) {
	for _, w := range []fyne.Disableable{v.hub, v.user, v.password, v.stay} {
		if on {
			w.Enable()
		} else {
			w.Disable()
		}
	}
}

// next is the first field that is still empty.
func (v *signInView) next() fyne.Focusable {
	for _, e := range []*widget.Entry{v.hub, v.user} {
		if e.Text == "" {
			return e
		}
	}
	return v.password
}
