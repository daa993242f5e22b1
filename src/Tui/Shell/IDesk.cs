using Blackwall.Tui.Live;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Shell;

/// <summary>What the pages have from the console around them.</summary>
internal interface IDesk
{
    Session Session { get; }

    Palette Palette { get; }

    /// <summary>Opens a window over the page.</summary>
    void Open(Form form);

    /// <summary>Closes the window over the page.</summary>
    void Close();

    /// <summary>Shows what is known of an address.</summary>
    void ShowSource(string scope);

    /// <summary>Tells the outcome of something, until the next one.</summary>
    void ShowMessage(string sentence, Tone tone);

    /// <summary>The keys of the page changed.</summary>
    void KeysChanged();
}
