using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Connections;
using Blackwall.Tarpit.Shell.Cron;
using Blackwall.Tarpit.Shell.Execution;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell;

/// <summary>One login on the machine: who it is, where from, and the files as this visitor knows them.</summary>
internal sealed class Visit : IHost
{
    private readonly SessionScheduler _scheduler;
    private readonly SessionMemory _memory = new();
    private string? _agentFolder;

    public Visit(Machine machine, FileSystem files, string user, IPEndPoint remote, IPEndPoint local, MachineState memory, TarpitSettings settings)
    {
        (Machine, Files, UserName, Remote, Local, Memory, Settings) = (machine, files, user, remote, local, memory, settings);
        _scheduler = new SessionScheduler(machine.Time);
        Since = machine.Now;
        var account = Commands.Accounts.Find(files, user);
        UserId = account?.Id ?? 0;
        GroupId = account?.Group ?? 0;
        HomeFolder = account?.Home ?? "/";
        ShellProcess = memory.Processes.NextId();
    }

    public Machine Machine { get; }

    public FileSystem Files { get; }

    public string UserName { get; }

    public int UserId { get; }

    public int GroupId { get; }

    public string HomeFolder { get; }

    /// <summary>He came in with a key.</summary>
    public bool IsByKey { get; init; }

    /// <summary>"pts/0"; empty: the session has none.</summary>
    public string TerminalName { get; private set; } = "";

    /// <summary>The database server of the machine; null: there is none.</summary>
    public IMachineDatabase? Database { get; init; }

    /// <summary>Connects to ports of the machine; null: nothing can.</summary>
    public LocalConnect? Connect { get; init; }

    /// <summary>Called when a session of the visit begins.</summary>
    public Action? Began { get; init; }

    /// <summary>Called when a session of the visit has ended.</summary>
    public Action? Ended { get; init; }

    public IPEndPoint Remote { get; }

    public IPEndPoint Local { get; }

    public MachineState Memory { get; }

    public TarpitSettings Settings { get; }

    /// <summary>Answers for programs that the shell does not know.</summary>
    public required Improvisation.Improviser Improviser { get; init; }

    /// <summary>Process id of the shell.</summary>
    public int ShellProcess { get; private set; }

    public DateTimeOffset Since { get; }

    public TimeSpan Age => Machine.Now - Since;

    /// <summary>The home of a user; null: there is no such user.</summary>
    public string? FindHome(string user) => Commands.Accounts.Find(Files, user)?.Home;

    public Task<ExitStatus> ShellAsync(IProgramIo io, ISessionLog log, CancellationToken cancellation) =>
        _scheduler.RunAsync(() => BesideCronAsync(() => RunShellAsync(io, log, cancellation), log, cancellation));

    public Task<ExitStatus> ExecuteAsync(string command, IProgramIo io, ISessionLog log, CancellationToken cancellation) =>
        _scheduler.RunAsync(() => BesideCronAsync(() => RunCommandAsync(command, io, log, cancellation), log, cancellation));

    private async Task<ExitStatus> BesideCronAsync(Func<Task<ExitStatus>> run, ISessionLog log, CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        CronDaemon cron = new(this, log);
        Task daemon = cron.RunAsync(Memory.Logins.Max(login => login.Until), end.Token);
        try
        {
            await cron.CaughtUpAsync(cancellation);
            return await run();
        }
        finally
        {
            await end.CancelAsync();
            await daemon;
        }
    }

    private async Task<ExitStatus> RunShellAsync(IProgramIo io, ISessionLog log, CancellationToken cancellation)
    {
        using OpenSession session = new(this, io.Terminal is not null);
        if (io.Terminal is not null)
        {
            return await AtKeyboardAsync(io, hasPrompt: true, (keyboard, token) => new LoginShell(this, NewState(keyboard, log), keyboard, isLogin: true).RunAsync(token), cancellation);
        }

        ShellState state = NewState(io, log);

        Interpreter interpreter = SubshellRunner.Begin(state, new ShellStreams(ShellInput.From(io, state.Turns), new PeerOutput(io, isError: false), new PeerOutput(io, isError: true)));
        StringBuilder text = new();
        const int longest = 1 << 20, small = 16 * 1024;
        int next = 0;
        await state.Turns.EnterAsync(cancellation);
        using CancellationTokenRegistration stop = cancellation.Register(state.Turns.StopAll);
        while (!interpreter.HasExited && text.Length < longest && await interpreter.Streams.Input.ReadLineAsync(cancellation) is { } line)
        {
            await state.Budget.GiveWayAsync(cancellation);
            text.Append(line).Append('\n');
            if (text.Length < next)
            {
                continue;
            }

            // Text that goes on and on is not looked at for every line.
            next = text.Length < small ? 0 : text.Length / 4 * 5;
            if (Syntax.Parser.IsComplete(text.ToString()))
            {
                await RunAsync();
            }
        }

        if (text.Length > 0 && !interpreter.HasExited)
        {
            await RunAsync();
        }

        await interpreter.EndAsync(cancellation);
        interpreter.ReleaseStreams();
        await interpreter.FinishJobsAsync(cancellation);
        state.Turns.StopAll();
        return new ExitStatus(state.Status);

        async Task RunAsync()
        {
            string whole = text.ToString();
            text.Clear();
            next = 0;
            log.Record(new Observation(ObservationKinds.Command) { Text = whole.TrimEnd('\n') });
            state.Budget.Reset();
            await interpreter.RunTextAsync(whole, cancellation);
        }
    }

    private async Task<ExitStatus> RunCommandAsync(string command, IProgramIo io, ISessionLog log, CancellationToken cancellation)
    {
        string text = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(command));
        const int longestShown = 4096;
        using OpenSession session = new(this, io.Terminal is not null, command.Length <= longestShown ? command : command[..longestShown]);
        log.Record(new Observation(ObservationKinds.Command) { Text = command });
        return io.Terminal is null
            ? await RunAsync(text, NewState(io, log), io, cancellation)
            : await AtKeyboardAsync(io, hasPrompt: false, (keyboard, token) => RunAsync(text, NewState(keyboard, log), new TerminalInput(keyboard), token), cancellation);
    }

    /// <summary>Runs a command in a shell of its own, until that and what it left in the background is over.</summary>
    public static async Task<ExitStatus> RunAsync(string text, ShellState state, IProgramIo input, CancellationToken cancellation)
    {
        Interpreter interpreter = SubshellRunner.Begin(state, new ShellStreams(ShellInput.From(input, state.Turns), new PeerOutput(state.Io, isError: false), new PeerOutput(state.Io, isError: true)));
        try
        {
            await state.Turns.EnterAsync(cancellation);
            state.Set("BASH_EXECUTION_STRING", text);
            await interpreter.RunTextAsync(text, cancellation, "-c");
            await interpreter.EndAsync(cancellation);
            interpreter.ReleaseStreams();
            await interpreter.FinishJobsAsync(cancellation);
        }
        catch (BrokenPipeException)
        {
            state.Status = 141;
        }
        finally
        {
            state.Turns.StopAll();
        }

        return new ExitStatus(state.Status);
    }

    private static async Task<ExitStatus> AtKeyboardAsync(IProgramIo io, bool hasPrompt, Func<Keyboard, CancellationToken, Task<ExitStatus>> run, CancellationToken cancellation)
    {
        Keyboard keyboard = new(io);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        keyboard.Use = hasPrompt ? KeyboardUse.Raw : new KeyboardUse(IsRaw: false, HasFlowControl: true, signal => _ = signal is 2 or 3 ? end.CancelAsync() : Task.CompletedTask);
        Task pump = keyboard.PumpAsync(end.Token);
        try
        {
            return await run(keyboard, end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ExitStatus(130);
        }
        finally
        {
            await end.CancelAsync();
            await pump;
        }
    }

    public Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>>? Subsystem(string name) =>
        name is "sftp" ? (io, log, cancellation) => _scheduler.RunAsync(async () =>
        {
            using OpenSession session = new(this, hasTerminal: false);
            return await new Sftp.SftpServer(this, io, log).RunAsync(cancellation);
        })
        : null;

    // As sshd names it: a folder of its own, and the number of the process that serves the user.
    public string OpenAgent()
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        _agentFolder = "/tmp/ssh-" + RandomNumberGenerator.GetString(letters, 10);
        string path = string.Create(CultureInfo.InvariantCulture, $"{_agentFolder}/agent.{ShellProcess - 1}");
        Files.MakeFolder(_agentFolder, UserId, UserId, mode: 0x1C0);
        Files.Put(path, new SocketNode { Mode = 0x180, User = UserId, Group = UserId, Modified = Machine.Now });
        return path;
    }

    public void CloseAgent()
    {
        if (_agentFolder is { } folder)
        {
            Files.Remove(folder, recursive: true);
        }
    }

    /// <summary>The same visitor as another user of the machine.</summary>
    public Visit As(string user) => new(Machine, Files, user, Remote, Local, Memory, Settings) { TerminalName = TerminalName, ShellProcess = ShellProcess, Database = Database, Connect = Connect, Improviser = Improviser };

    /// <summary>The same visitor's cron as a user of the machine: at no terminal.</summary>
    /// <param name="process">Of its shell.</param>
    public Visit AsCron(string user, int process) => new(Machine, Files, user, Remote, Local, Memory, Settings) { ShellProcess = process, Database = Database, Connect = Connect, Improviser = Improviser };

    /// <summary>A shell within a shell, until it is left.</summary>
    /// <param name="isLogin">It is a login shell: su -, sudo -i.</param>
    /// <param name="readsFiles">It runs the files that it begins with.</param>
    public async Task<int> NestedShellAsync(ShellState state, CancellationToken cancellation, bool isLogin = false, bool readsFiles = true)
    {
        const int mostNested = 20;
        if (state.Depth > mostNested)
        {
            return 1;
        }

        state.Depth++;
        if (state.Io is not Keyboard keyboard)
        {
            return 0;
        }

        string program = state.IsDash ? Entries.Places.Base(state.Name).TrimStart('-') : "bash";
        int process = Memory.Processes.Start(program, UserName, ShellProcess, TerminalName, state.Folder, memory: 5100);
        try
        {
            ShellState own = state.CopyForProgram();
            own.IsDash = state.IsDash;
            own.Name = isLogin ? "-" + program : state.IsDash ? state.Name : program;
            own.Export("SHLVL", own.IsDash ? own.Get("SHLVL") : !isLogin && int.TryParse(state.Find("SHLVL"), CultureInfo.InvariantCulture, out int level) ? (level + 1).ToString(CultureInfo.InvariantCulture) : "1");
            own.Export("PWD", own.Folder);

            // The shell around it waits, and what runs in its background goes on.
            ExitStatus status = new(0);
            await state.Turns.OutsideAsync(async () => status = await new LoginShell(this, own, keyboard, isLogin).RunNestedAsync(readsFiles, cancellation));
            return status.Code;
        }
        finally
        {
            Memory.Processes.End(process);
        }
    }

    /// <summary>For one shell of the session: all of them share its processor and its memory.</summary>
    public Budget NewBudget() => new(Machine.Time, _scheduler, _memory);

    private ShellState NewState(IProgramIo io, ISessionLog log)
    {
        string shell = Commands.Accounts.Find(Files, UserName)?.Shell is { Length: > 0 } own ? own : "/bin/bash";
        bool isDash = Commands.DashDialect.IsName(shell);
        ShellState state = new(this) { Io = io, Log = log, Budget = NewBudget(), Name = (io.Terminal is null ? "" : "-") + (isDash ? "sh" : "bash"), IsDash = isDash };
        state.Export("HOME", HomeFolder);
        state.Export("USER", UserName);
        state.Export("LOGNAME", UserName);
        state.Export("SHELL", shell);
        state.Export("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin");
        state.Export("LANG", "C.UTF-8");
        state.Export("SHLVL", "1");
        state.Export("PWD", HomeFolder);
        state.Export("XDG_SESSION_ID", LoginRecord.Session(ShellProcess).ToString(CultureInfo.InvariantCulture));
        state.Export("XDG_RUNTIME_DIR", string.Create(CultureInfo.InvariantCulture, $"/run/user/{UserId}"));
        state.Export("SSH_CLIENT", string.Create(CultureInfo.InvariantCulture, $"{Remote.Address} {Remote.Port} {Local.Port}"));
        state.Export("SSH_CONNECTION", string.Create(CultureInfo.InvariantCulture, $"{Remote.Address} {Remote.Port} {Local.Address} {Local.Port}"));
        if (io.Terminal is { } terminal)
        {
            state.Export("SSH_TTY", "/dev/" + TerminalName);
            state.Export("TERM", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(terminal.Name)));
        }

        foreach ((string name, string value) in io.Environment)
        {
            state.Export(name, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value)));
        }

        return state;
    }

    // One channel: its processes, and what wtmp and auth.log have of it.
    private sealed class OpenSession : IDisposable
    {
        private readonly Visit _visit;
        private readonly int _shell;

        public OpenSession(Visit visit, bool hasTerminal, string? command = null)
        {
            _visit = visit;
            visit.Began?.Invoke();
            MachineState state = visit.Memory;
            _shell = state.Processes.NextId(3);
            AskingProcess.Shell = _shell;
            int daemon = _shell - 2, session = _shell - 1;
            HashSet<string> taken = [.. state.Logins.Where(login => login.Until is null).Select(login => login.Terminal)];
            string terminal = hasTerminal ? Enumerable.Range(0, 100).Select(n => string.Create(CultureInfo.InvariantCulture, $"pts/{n}")).First(name => !taken.Contains(name)) : "";
            (visit.ShellProcess, visit.TerminalName, state.Address) = (_shell, terminal, visit.Local.Address);
            DateTimeOffset now = visit.Machine.Now;
            int parent = state.Processes.MainProcess(SystemServices.Find("ssh")!);
            string shown = hasTerminal ? terminal : "?";
            state.Processes.Add(new RunningProcess(daemon, parent, "root", "?", now, $"sshd: {visit.UserName} [priv]", 10_900));
            state.Processes.Add(new RunningProcess(session, daemon, visit.UserName, "?", now, $"sshd: {visit.UserName}@{(hasTerminal ? terminal : "notty")}", 6800));
            state.Processes.Add(new RunningProcess(_shell, session, visit.UserName, shown, now, command is not null ? "bash -c " + command : hasTerminal ? "-bash" : "bash", 5100) { Folder = visit.HomeFolder, Words = command is null ? null : ["bash", "-c", command] });
            state.Add(new LoginRecord(visit.UserName, visit.Remote.Address.ToString(), visit.Remote.Port, terminal, now, null, _shell, visit.IsByKey));
        }

        public void Dispose()
        {
            MachineState state = _visit.Memory;
            state.Processes.Orphan(_shell);
            foreach (int id in (int[])[_shell, _shell - 1, _shell - 2])
            {
                state.Processes.End(id);
            }

            state.EndLogin(_shell);
            _visit.Ended?.Invoke();
        }
    }
}
