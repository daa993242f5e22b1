using System.Globalization;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands as another user.</summary>
internal static class SudoCommands
{
    private const int MostTries = 3;
    private const int MostNested = 50;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["sudo"] = SudoAsync,
        ["su"] = SwitchAsync,
        ["runuser"] = SwitchAsync,
        ["pkexec"] = SudoAsync,
        ["sudoedit"] = i => SudoAsync(i with { Name = "sudo", Arguments = ["nano", .. i.Operands] }),
        ["visudo"] = i => i.State.Visit.UserId != 0 ? i.FailAsync("/etc/sudoers: Permission denied") : ScreenCommands.All["nano"](i with { Name = "nano", Arguments = ["/etc/sudoers"] }),
        ["login"] = i => i.State.Visit.UserId == 0 ? SwitchAsync(i with { Name = "su", Arguments = ["-", .. i.Operands] }) : i.FailAsync("Cannot possibly work without effective root"),
    };

    private static async ValueTask<int> SudoAsync(Invocation i)
    {
        Visit visit = i.State.Visit;
        (OptionParsing options, string[] words) = Read(i.Arguments);
        if (options.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, "Sudo version 1.9.15p5\nSudoers policy plugin version 1.9.15p5\nSudoers file grammar version 50\nSudoers I/O plugin version 1.9.15p5\nSudoers audit plugin version 1.9.15p5\n");
        }

        bool isSudoer = visit.UserId == 0 || Accounts.GroupsOf(i.Files, visit.UserName, visit.GroupId).Any(group => group.Name is "sudo" or "admin");
        if (visit.UserId != 0 && visit.UserName is not "ubuntu" && !(options.Has('k') && words.Length == 0) && !await HasPasswordAsync(i, options, isSudoer))
        {
            return 1;
        }

        if (!isSudoer)
        {
            await i.Streams.Error.WriteAsync($"{visit.UserName} is not in the sudoers file.\n", i.Cancellation);
            return 1;
        }

        if (options.Has('l'))
        {
            return await SystemCommands.PrintAsync(i, $"Matching Defaults entries for {visit.UserName} on {visit.Memory.HostName}:\n    env_reset, mail_badpass,\n    secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin\\:/snap/bin,\n    use_pty\n\nUser {visit.UserName} may run the following commands on {visit.Memory.HostName}:\n    (ALL : ALL) ALL\n{(visit.UserName is "ubuntu" ? "    (ALL) NOPASSWD: ALL\n" : "")}");
        }

        string target = options.Value('u') ?? "root";
        if (Accounts.Find(i.Files, target.TrimStart('#')) is not { } account)
        {
            return await i.FailAsync($"unknown user {target}\nsudo: error initializing audit plugin sudoers_audit");
        }

        if (options.Has('i') || options.Has('s') || words is ["su"] or ["su", "-"] or ["bash"])
        {
            ShellState state = i.State.CopyFor(visit.As(account.Name));
            state.Folder = options.Has('i') || words is ["su", "-"] ? account.Home : i.State.Folder;
            Take(state, options.Has('i') || words is ["su", ..] ? account.Shell : "/bin/bash");
            return words.Length > 0 && words[0] is not ("su" or "bash") ? await CallAsync(state, i, words) : i.State.Io.Terminal is null ? 0 : await state.Visit.NestedShellAsync(state, i.Cancellation, isLogin: options.Has('i') || words is ["su", "-"]);
        }

        if (words.Length > 0 && (words[0].Contains('/', StringComparison.Ordinal) ? i.Files.Find(i.State.Path(words[0])) is null : i.Interpreter.FindProgram(words[0]) is null))
        {
            return await i.FailAsync($"{words[0]}: command not found");
        }

        return words.Length == 0 ? options.Has('v') || options.Has('k') || options.Has('K') ? 0 : await UsageAsync(i) : await CallAsync(i.State.CopyFor(visit.As(account.Name)), i, words);
    }

    private static async ValueTask<int> UsageAsync(Invocation i)
    {
        await i.Streams.Error.WriteAsync("usage: sudo -h | -K | -k | -V\nusage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\nusage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user]\n            [-u user] [command [arg ...]]\nusage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory]\n            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]\n            [-u user] [VAR=value] [-i | -s] [command [arg ...]]\n", i.Cancellation);
        return 1;
    }

    // Options of sudo end where the command begins.
    private static (OptionParsing Options, string[] Words) Read(IReadOnlyList<string> arguments)
    {
        int at = 0;
        while (at < arguments.Count && (arguments[at].StartsWith('-') || arguments[at].Contains('=', StringComparison.Ordinal)))
        {
            at += arguments[at] is "-u" or "-g" or "-p" or "-h" or "-C" or "-T" or "-U" or "-D" or "-R" ? 2 : 1;
            if (arguments[at - 1] is "--")
            {
                break;
            }
        }

        at = Math.Min(at, arguments.Count);
        return (OptionParsing.Lenient([.. arguments.Take(at)], "AbC:D:EeHg:h:iKklnNPp:R:SsT:U:u:Vv", ("user", 'u'), ("login", 'i'), ("shell", 's'), ("list", 'l'), ("non-interactive", 'n'), ("stdin", 'S'), ("version", 'V'), ("validate", 'v'), ("preserve-env", 'E')), [.. arguments.Skip(at)]);
    }

    // Whatever is typed is recorded. What opens it is the password that the visitor set; without one of his own, the second that he tries.
    private static async ValueTask<bool> HasPasswordAsync(Invocation i, OptionParsing options, bool isSudoer)
    {
        Visit visit = i.State.Visit;
        if (options.Has('n'))
        {
            await i.Streams.Error.WriteAsync("sudo: a password is required\n", i.Cancellation);
            return false;
        }

        if (visit.Memory.HasSudo(visit.UserName))
        {
            return true;
        }

        for (int tries = 1; tries <= MostTries; tries++)
        {
            string? password = await SecretPrompt.ReadAsync(i, options.Value('p') ?? $"[sudo] password for {visit.UserName}: ");
            if (password is null)
            {
                await i.Streams.Error.WriteAsync(tries == 1 ? "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n" : "sudo: no password was provided\n", i.Cancellation);
                return false;
            }

            bool isRight = visit.Memory.Passwords.TryGetValue(visit.UserName, out string? set) ? string.Equals(set, password, StringComparison.Ordinal) : password.Length > 0 && (tries > 1 || visit.Settings.Accept is TarpitSettings.AcceptAlways);
            i.State.Log.Record(new Observation(ObservationKinds.Login) { User = visit.UserName, Secret = password, Method = "sudo", Success = isRight && isSudoer });
            if (isRight)
            {
                visit.Memory.GrantSudo(visit.UserName);
                return true;
            }

            await i.WaitAsync(2);
            await i.Streams.Error.WriteAsync(tries < MostTries ? "Sorry, try again.\n" : "sudo: 3 incorrect password attempts\n", i.Cancellation);
        }

        return false;
    }

    private static async ValueTask<int> SwitchAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "c:flmpPs:u:g:G:w:hV", new Dictionary<string, char>(StringComparer.Ordinal) { ["command"] = 'c', ["session-command"] = 'c', ["fast"] = 'f', ["login"] = 'l', ["shell"] = 's', ["group"] = 'g', ["supp-group"] = 'G', ["preserve-environment"] = 'p', ["pty"] = 'P', ["whitelist-environment"] = 'w', ["help"] = 'h', ["version"] = 'V' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Text.Lines.InvalidOptionAsync(i, error);
        }

        if (options.Has('V') || options.Has('h'))
        {
            return await SystemCommands.PrintAsync(i, options.Has('V') ? "su from util-linux 2.39.3\n" : "\nUsage:\n su [options] [-] [<user> [<argument>...]]\n\nChange the effective user ID and group ID to that of <user>.\nA mere - implies -l.  If <user> is not given, root is assumed.\n");
        }

        string[] operands = [.. options.Operands];
        bool isLogin = options.Has('l') || operands.Contains("-", StringComparer.Ordinal);
        string user = options.Value('u') ?? operands.FirstOrDefault(operand => operand is not "-") ?? "root";
        if (Accounts.Find(i.Files, user) is not { } account)
        {
            return await i.FailAsync($"user {user} does not exist or the user entry does not contain all the required fields");
        }

        if (i.State.Visit.UserId != 0)
        {
            string? password = await SecretPrompt.ReadAsync(i, "Password: ");
            bool isRight = password is not null && i.State.Visit.Memory.Passwords.TryGetValue(account.Name, out string? set) && string.Equals(set, password, StringComparison.Ordinal);
            i.State.Log.Record(new Observation(ObservationKinds.Login) { User = account.Name, Secret = password, Method = "su", Success = isRight });
            if (!isRight)
            {
                await i.WaitAsync(2);
                return await i.FailAsync("Authentication failure");
            }
        }

        if (account.Shell.EndsWith("nologin", StringComparison.Ordinal) && options.Value('s') is null)
        {
            await i.PrintAsync("This account is currently not available.\n");
            return 1;
        }

        if (account.Shell is "/bin/false" && options.Value('s') is null)
        {
            return 1;
        }

        string terminal = i.State.Visit.TerminalName is { Length: > 0 } own ? own : "none";
        AccountChanges.Tell(i, "su", $"(to {account.Name}) {i.State.Visit.UserName} on {terminal}");
        AccountChanges.Tell(i, "su", string.Create(CultureInfo.InvariantCulture, $"pam_unix(su{(isLogin ? "-l" : "")}:session): session opened for user {account.Name}(uid={account.Id}) by {i.State.Visit.UserName}(uid={i.State.Visit.UserId})"));
        ShellState state = i.State.CopyFor(i.State.Visit.As(account.Name));
        state.Folder = isLogin ? account.Home : i.State.Folder;
        string program = Take(state, options.Value('s') ?? account.Shell);
        return options.Value('c') is { } command ? await CallAsync(state, i, [program, "-c", command]) : i.Name is "runuser" && operands.Length > 0 && options.Has('u') ? await CallAsync(state, i, operands)
            : i.State.Io.Terminal is null ? await CallAsync(state, i, [program]) : await state.Visit.NestedShellAsync(state, i.Cancellation, isLogin);
    }

    // The shell of an account: dash, or bash for whatever else it names.
    private static string Take(ShellState state, string shell)
    {
        (state.IsDash, state.Name) = (DashDialect.IsName(shell), shell);
        state.Export("SHELL", shell);
        return state.IsDash ? "sh" : "bash";
    }

    private static async Task<int> CallAsync(ShellState state, Invocation i, string[] words)
    {
        if (++state.Depth > MostNested)
        {
            return 1;
        }

        await new Interpreter(state, i.Streams).CallAsync(words, i.Streams, i.Cancellation);
        return state.Status;
    }
}
