using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Sources;

/// <summary>The list of sources, and of one what is known.</summary>
internal sealed class SourcesPage : Page
{
    private readonly SourceList _list;
    private readonly SourceSheet _sheet;

    public SourcesPage(IDesk desk)
        : base(desk)
    {
        _list = new SourceList(desk, LookUp);
        _sheet = new SourceSheet(desk) { Visible = false };
        Add(_list, _sheet);
    }

    public override string Name => "Sources";

    public override IReadOnlyList<Act> Acts => _sheet.Visible
        ? [.. _sheet.Acts, new Act('u', "List", "Shows the list of sources again.", ShowList)]
        : [.. _list.Acts.Take(1), new Act('g', "Address", "Asks for the address to look at.", AskAddress), .. _list.Acts.Skip(1)];

    /// <summary>Looks at an address; of a prefix, at its first.</summary>
    public void LookUp(string scope)
    {
        ShowSheet();
        _sheet.LookUp(scope);
    }

    public override void Opened()
    {
        if (_sheet.Visible)
        {
            _sheet.Opened();
        }
        else
        {
            _list.Opened();
        }
    }

    public override bool Tick(bool shown, bool news) => _sheet.Tick(shown && _sheet.Visible, news) | _list.Tick(shown && _list.Visible, news);

    protected override bool OnKeyDown(Key key)
    {
        if (key != Key.Esc || !_sheet.Visible)
        {
            return false;
        }

        ShowList();
        return true;
    }

    private void AskAddress()
    {
        ShowSheet();
        _sheet.AskAddress();
    }

    private void ShowSheet()
    {
        (_list.Visible, _sheet.Visible) = (false, true);
        _sheet.SetFocus();
        Desk.KeysChanged();
    }

    private void ShowList()
    {
        (_list.Visible, _sheet.Visible) = (true, false);
        _list.SetFocus();
        _list.Opened();
        Desk.KeysChanged();
    }
}
