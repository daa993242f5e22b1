using System.Security.Cryptography.X509Certificates;
using Blackwall.Client;
using Blackwall.Tui.Live;
using Blackwall.Tui.Widgets;
using Terminal.Gui.App;

namespace Blackwall.Tui.Shell;

/// <summary>The console in a terminal.</summary>
internal static class ConsoleApp
{
    /// <summary>How often answers are taken up; well below what an eye notices.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the operator ends it; the terminal then is as it was.</summary>
    public static void Run(TuiLine line, string key, X509Certificate2Collection? authorities)
    {
        using Session session = new(new ApplianceClient(ClientConnection.ByAddress(line.Api, key) with { Authorities = authorities }, TimeProvider.System), TimeProvider.System);
        using IApplication app = Application.Create();
        app.Init();
        using ConsoleWindow window = new(session, new Palette(line.Colour));
        app.AddTimeout(Beat, () =>
        {
            window.Beat();
            return true;
        });
        app.Run(window);
    }
}
