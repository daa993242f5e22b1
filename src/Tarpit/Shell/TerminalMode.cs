namespace Blackwall.Tarpit.Shell;

/// <summary>What the driver of a terminal does, as stty(1) sets it. All sessions begin with the same.</summary>
internal sealed class TerminalMode
{
    public const byte Interrupt = 3, EndOfFile = 4, EraseBackwards = 8, KillLine = 21, LiteralNext = 22, EraseWord = 23, Suspend = 26, Quit = 28, Stop = 19, Start = 17, Erase = 127;

    private static readonly HashSet<string> s_off = new(StringComparer.Ordinal)
    {
        "parenb", "parodd", "cmspar", "hupcl", "cstopb", "clocal", "crtscts", "ignbrk", "brkint", "ignpar", "parmrk", "inpck", "istrip", "inlcr", "igncr", "ixoff", "iuclc", "ixany", "imaxbel",
        "olcuc", "ocrnl", "onocr", "onlret", "ofill", "ofdel", "echonl", "noflsh", "xcase", "tostop", "echoprt", "flusho", "extproc",
    };

    private static readonly HashSet<string> s_on = new(StringComparer.Ordinal) { "cread", "icrnl", "ixon", "iutf8", "opost", "onlcr", "isig", "icanon", "iexten", "echo", "echoe", "echok", "echoctl", "echoke" };

    private HashSet<string>? _changed;

    public bool Echoes => Is("echo");

    /// <summary>Input comes by lines, which can be changed until they end.</summary>
    public bool IsCanonical => Is("icanon");

    public bool HasSignals => Is("isig");

    /// <summary>Whether output can be held with ^S.</summary>
    public bool HasFlowControl => Is("ixon");

    public int Speed { get; set; } = 38_400;

    public static bool IsName(string name) => s_on.Contains(name) || s_off.Contains(name);

    public bool Is(string name) => s_on.Contains(name) != (_changed?.Contains(name) == true);

    public bool IsChanged(string name) => _changed?.Contains(name) == true;

    public void Set(string name, bool isOn)
    {
        if (s_on.Contains(name) == isOn)
        {
            _changed?.Remove(name);
        }
        else
        {
            (_changed ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
        }
    }

    public void Reset() => _changed = null;

    /// <summary>Switches something off, until the result is disposed of.</summary>
    public IDisposable Without(params ReadOnlySpan<string> names)
    {
        List<string> switched = [];
        foreach (string name in names)
        {
            if (Is(name))
            {
                Set(name, isOn: false);
                switched.Add(name);
            }
        }

        return new Restoring(this, switched);
    }

    private sealed class Restoring(TerminalMode mode, List<string> names) : IDisposable
    {
        public void Dispose() => names.ForEach(name => mode.Set(name, isOn: true));
    }
}
