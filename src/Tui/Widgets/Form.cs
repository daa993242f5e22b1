using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Widgets;

/// <summary>A window over a page that asks for something. While it is open, it has the keyboard and the mouse.</summary>
internal class Form : Pane
{
    private const int LabelWidth = 12;
    private readonly IReadOnlyList<FormField> _fields;
    private readonly Sheet _notes;
    private readonly KeyBar _keys;
    private IReadOnlyList<Act> _acts = [];

    /// <param name="palette">How it looks.</param>
    /// <param name="title">What it is for.</param>
    /// <param name="fields">What it asks for; none: it only asks whether.</param>
    /// <param name="noteRows">Room for what it tells.</param>
    public Form(Palette palette, string title, IReadOnlyList<FormField> fields, int noteRows)
        : base(palette)
    {
        _fields = fields;
        Title = title;
        BorderStyle = LineStyle.Single;
        CanFocus = true;
        X = Pos.Center();
        Y = Pos.Center();
        Width = Dim.Func(_ => Math.Min(76, SuperView?.Viewport.Width ?? 76));
        Height = fields.Count + noteRows + 4;
        int y = 0;
        foreach (FormField field in fields)
        {
            Strip label = new(palette) { Y = y, Width = LabelWidth };
            label.Show([new Piece(field.Label, Tone.Strong)]);
            field.Input.X = LabelWidth;
            field.Input.Y = y;
            field.Input.Width = 28;
            Strip hint = new(palette) { X = LabelWidth + 29, Y = y };
            hint.Show([new Piece(field.Hint, Tone.Dim)]);
            field.Input.KeyDown += (_, key) => key.Handled = Use(key);
            Add(label, field.Input, hint);
            y++;
        }

        _notes = new Sheet(palette) { Y = y + (y == 0 ? 0 : 1), Height = noteRows };
        _notes.KeyDown += (_, key) => key.Handled = Use(key);
        _keys = new KeyBar(palette) { Y = Pos.AnchorEnd(1) };
        Add(_notes, _keys);
    }

    public static TextField TextOf(Palette palette, string text)
    {
        TextField field = new() { Text = text, Height = 1, InsertionPoint = text.Length };
        field.SetScheme(palette.Scheme);
        return field;
    }

    /// <summary>What can be done here now.</summary>
    public IReadOnlyList<Act> Acts
    {
        get => _acts;
        set
        {
            _acts = value;
            _keys.Show(value);
        }
    }

    /// <summary>Tells something below the fields, one paragraph a piece.</summary>
    public void ShowText(params IReadOnlyList<Piece> paragraphs)
    {
        _notes.Show([.. paragraphs.SelectMany(piece => CellText.Wrap(piece.Text, Math.Clamp((SuperView?.Viewport.Width ?? 76) - 4, 16, 72)).Select(line => (IReadOnlyList<Piece>)[new Piece(line, piece.Tone)]))]);
    }

    /// <summary>Takes up answers that the form waits for; called some times a second while it is open.</summary>
    public Action? Beat { get; set; }

    /// <summary>Whether the form is still looked at.</summary>
    public bool IsOpen => SuperView is not null;

    /// <summary>Whether the fields can be changed; otherwise the keys are for what is told.</summary>
    public void Edit(bool editable)
    {
        foreach (FormField field in _fields)
        {
            field.Input.Enabled = editable;
        }

        if (editable && _fields.Count > 0)
        {
            _fields[0].Input.SetFocus();
        }
        else
        {
            _notes.SetFocus();
        }
    }

    /// <summary>Goes to the next field (1) or the one before (-1).</summary>
    public void Next(int step)
    {
        int focused = _fields.ToList().FindIndex(field => field.Input.HasFocus);
        _fields[(Math.Max(0, focused) + step + _fields.Count) % _fields.Count].Input.SetFocus();
    }

    protected override bool OnKeyDown(Key key) => Use(key);

    private bool Use(Key key)
    {
        int focused = _fields.ToList().FindIndex(field => field.Input.HasFocus);
        bool typing = focused >= 0 && _fields[focused].Input is TextField;
        if (_acts.FirstOrDefault(act => act.IsFor(key) && !(typing && act.Name.Length == 1)) is { } act)
        {
            act.Run();
            return true;
        }

        int step = key == Key.Tab || key == Key.CursorDown ? 1 : key == Key.Tab.WithShift || key == Key.CursorUp ? -1 : 0;
        if (step == 0 || focused < 0)
        {
            return false;
        }

        Next(step);
        return true;
    }
}
