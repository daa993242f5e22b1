namespace Blackwall.Tarpit.World.State;

/// <summary>Who looks at /proc now: the program that runs in this flow of control, and the shell of its session.</summary>
internal static class AskingProcess
{
    private static readonly AsyncLocal<Lazy<RunningProcess>?> s_program = new();
    private static readonly AsyncLocal<int> s_shell = new();
    private static readonly AsyncLocal<Func<IEnumerable<RunningProcess>>?> s_beside = new();

    /// <summary>Null: the shell itself asks.</summary>
    public static RunningProcess? Program => s_program.Value?.Value;

    /// <summary>0: nobody's.</summary>
    public static int Shell
    {
        get => s_shell.Value;
        set => s_shell.Value = value;
    }

    /// <summary>Processes that run beside it in the same pipeline.</summary>
    public static IEnumerable<RunningProcess> Beside => s_beside.Value?.Invoke() ?? [];

    /// <summary>From here on these run beside.</summary>
    public static void Join(Func<IEnumerable<RunningProcess>> others) => s_beside.Value = others;

    /// <summary>From here on, and in all that is called from here, this program asks. It gets its number when somebody looks.</summary>
    public static void Enter(Func<RunningProcess> make) => s_program.Value = new Lazy<RunningProcess>(make);

    /// <summary>A shell of its own begins: its builtins ask for it.</summary>
    public static void Leave() => s_program.Value = null;
}
