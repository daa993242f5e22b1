using System.Drawing;
using System.Globalization;
using Blackwall.Client;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Microsoft.Extensions.Time.Testing;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;
using Xunit;

namespace Blackwall.Tests.Tui;

/// <summary>The console on a screen that only a test looks at. Time stands until the test moves it.</summary>
internal sealed class ConsoleOnScreen : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IApplication _app;
    private readonly VirtualTimeProvider _pointer = new();
    private readonly SessionToken? _session;

    public ConsoleOnScreen(Uri api, string key = "bw_test", bool colour = true, int width = 80, int height = 24)
    {
        Session = new Session(new ApplianceClient(ClientConnection.ByAddress(api, key), Time), Time);
        _app = Application.Create(_pointer);
        _app.Init(DriverRegistry.Names.ANSI);
        _app.Driver!.SetScreenSize(width, height);
        Window = new ConsoleWindow(Session, new Palette(colour));
        _session = _app.Begin(Window);

        // The toolkit's context waits for a loop that nobody runs here.
        SynchronizationContext.SetSynchronizationContext(null);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public Session Session { get; }

    public ConsoleWindow Window { get; }

    public string Screen
    {
        get
        {
            Window.Beat();
            _app.LayoutAndDraw(true);
            return _app.Driver!.ToString()!;
        }
    }

    public string[] Rows => Screen.TrimEnd('\n').Split('\n');

    public void Dispose()
    {
        if (_session is not null)
        {
            _app.End(_session);
        }

        Window.Dispose();
        _app.Dispose();
        Session.Dispose();
    }

    public void Resize(int width, int height) => _app.Driver!.SetScreenSize(width, height);

    public void Press(params Key[] keys)
    {
        foreach (Key key in keys)
        {
            Window.Beat();
            _app.LayoutAndDraw(true);
            _app.InjectKey(key);
        }
    }

    public void Type(string text) => Press([.. text.Select(letter => new Key(letter))]);

    /// <summary>Clicks where this text first stands.</summary>
    public void Click(string text, bool twice = false)
    {
        Point at = Find(text);
        for (int i = 0; i < (twice ? 2 : 1); i++)
        {
            foreach (MouseFlags flags in new[] { MouseFlags.LeftButtonPressed, MouseFlags.LeftButtonReleased })
            {
                _app.InjectMouse(new Mouse { ScreenPosition = at, Flags = flags });
                _pointer.Advance(TimeSpan.FromMilliseconds(50));
            }
        }

        // The next click is no part of this one.
        _pointer.Advance(TimeSpan.FromSeconds(2));
    }

    public void Wheel(string text, MouseFlags direction) => _app.InjectMouse(new Mouse { ScreenPosition = Find(text), Flags = direction });

    public Point Find(string text)
    {
        string[] rows = Rows;
        int y = Array.FindIndex(rows, row => row.Contains(text, StringComparison.Ordinal));
        Assert.True(y >= 0, $"'{text}' is not on the screen:\n{string.Join('\n', rows)}");
        return new Point(rows[y].IndexOf(text, StringComparison.Ordinal), y);
    }

    /// <summary>How the first letter of this text looks.</summary>
    public Terminal.Gui.Drawing.Attribute LookOf(string text)
    {
        Point at = Find(text);
        return _app.Driver!.Contents![at.Y, at.X].Attribute!.Value;
    }

    public IEnumerable<Cell> Cells
    {
        get
        {
            _ = Screen;
            return _app.Driver!.Contents!.Cast<Cell>();
        }
    }

    /// <summary>Waits until the screen shows this.</summary>
    public Task<string> Shows(string text) => Shows(screen => screen.Contains(text, StringComparison.Ordinal), text);

    public Task<string> ShowsNo(string text) => Shows(screen => !screen.Contains(text, StringComparison.Ordinal), $"no '{text}'");

    public async Task<string> Shows(Predicate<string> wanted, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string screen = Screen;
            if (wanted(screen))
            {
                return screen;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"The screen never showed {what}:\n{screen}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a condition while the console lives.</summary>
    public Task Until(Func<bool> condition) => Shows(_ => condition(), "what the test waits for");

    /// <summary>Moves time on by so many seconds, one at a time, and lets the answers to each come in.</summary>
    public async Task Pass(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Window.Beat();
            await Until(() => !Session.Stats.Busy && !Session.Health.Busy);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Screen}");
}
