using Blackwall.Tui.Widgets;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Shell;

/// <summary>One of the console's views.</summary>
internal abstract class Page : View
{
    protected Page(IDesk desk)
    {
        Desk = desk;
        SetScheme(desk.Palette.Scheme);
        Width = Dim.Fill();
        Height = Dim.Fill();
        CanFocus = true;
    }

    public abstract string Name { get; }

    /// <summary>What can be done here, the most useful first.</summary>
    public abstract IReadOnlyList<Act> Acts { get; }

    protected IDesk Desk { get; }

    /// <summary>Takes up answers; called some times a second. Whether something on the page changed.</summary>
    /// <param name="shown">Whether the page is the one that is looked at; others ask for nothing.</param>
    /// <param name="news">Whether the session has news.</param>
    public abstract bool Tick(bool shown, bool news);

    /// <summary>The operator came here.</summary>
    public abstract void Opened();
}
