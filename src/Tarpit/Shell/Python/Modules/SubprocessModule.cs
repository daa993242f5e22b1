using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>Commands that a program runs: os.system and popen, subprocess, pty. They are those of the machine.</summary>
internal static class SubprocessModule
{
    private static readonly string[] s_results = ["args", "returncode", "stdout", "stderr"];
    private const int Pipe = -1, IntoOutput = -2, Nowhere = -3, MostOutput = 2 << 20;
    private const string CheckFailed = "  File \"/usr/lib/python3.12/subprocess.py\", line 571, in run\n    raise CalledProcessError(retcode, process.args,\n";
    private const string NotStarted = "  File \"/usr/lib/python3.12/subprocess.py\", line 548, in run\n    with Popen(*popenargs, **kwargs) as process:\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/subprocess.py\", line 1026, in __init__\n    self._execute_child(args, executable, preexec_fn, close_fds,\n  File \"/usr/lib/python3.12/subprocess.py\", line 1955, in _execute_child\n    raise child_exception_type(errno_num, err_msg, err_filename)\n";
    private static readonly PythonClass s_error = new("CalledProcessError", [PythonErrors.Get("Exception")], "subprocess"), s_expired = new("TimeoutExpired", [PythonErrors.Get("Exception")], "subprocess");
    private static readonly PythonClass s_completed = new("CompletedProcess", [], "subprocess"), s_process = MakeProcess();

    public static void FillOs(PythonModule os)
    {
        os.AddAsync("system", async (m, a) => (BigInteger)((await RunAsync(m, ["sh", "-c", Word(a.Text(0, "command"))], m.Streams)) << 8));
        os.AddAsync("popen", async (m, a) => PythonFile.OfContent("<fd>", await CaptureAsync(m, ["sh", "-c", Word(a.Text(0, "cmd"))], m.Streams), isBinary: false));
        foreach (string name in new[] { "execl", "execlp", "execle", "execv", "execvp", "execve", "execvpe", "spawnlp", "posix_spawn" })
        {
            os.AddAsync(name, async (m, a) =>
            {
                string[] words = name[4] == 'v' ? [Word(a.Text(0)), .. (await m.Calls.CollectAsync(a.Need(1))).Skip(1).OfType<string>().Select(Word)] : [Word(a.Text(0)), .. a.Values.Skip(2).OfType<string>().Select(Word)];
                throw PythonErrors.New("SystemExit", (BigInteger)await RunAsync(m, words, m.Streams));
            });
        }

        os.Add("dup2", (m, a) =>
        {
            if (m.Descriptors.GetValueOrDefault((int)Math.Clamp(a.Whole(0), 0, 4096)) is SocketModule.Socket { Streams: { } ends } && a.Whole(1) is >= 0 and <= 2 and var to)
            {
                m.Streams = m.Streams.With((int)to, new Descriptor(ends.Input, ends.Output));
            }

            return a.Need(1);
        });
        os.Add("close", (m, a) => null);
        os.AddAsync("write", async (m, a) =>
        {
            byte[] bytes = a.Bytes(1);
            await (a.Whole(0) switch { 1 => m.WriteAsync(PythonEncoding.FromBytes(bytes)), 2 => m.WriteErrorAsync(PythonEncoding.FromBytes(bytes)), _ => throw PythonErrors.System(9) });
            return (BigInteger)bytes.Length;
        });
        os.Add("wait", (m, a) => throw PythonErrors.System(10));
        os.Add("WEXITSTATUS", (m, a) => (BigInteger)((a.Whole(0) >> 8) & 0xFF));
    }

    public static void FillPty(PythonMachine machine, PythonModule pty)
    {
        pty.AddAsync("spawn", async (m, a) => (BigInteger)(await RunAsync(m, a.Need(0) is string one ? [Word(one)] : [.. (await m.Calls.CollectAsync(a.Need(0))).OfType<string>().Select(Word)], m.Streams) << 8));
    }

    public static void Fill(PythonMachine machine, PythonModule subprocess)
    {
        (subprocess.Members["PIPE"], subprocess.Members["STDOUT"], subprocess.Members["DEVNULL"]) = ((BigInteger)Pipe, (BigInteger)IntoOutput, (BigInteger)Nowhere);
        (subprocess.Members["CalledProcessError"], subprocess.Members["TimeoutExpired"], subprocess.Members["CompletedProcess"], subprocess.Members["SubprocessError"]) = (s_error, s_expired, s_completed, PythonErrors.Get("Exception"));
        subprocess.AddAsync("call", async (m, a) => (await StartAsync(m, a, false)).Members["returncode"]);
        subprocess.AddAsync("check_call", async (m, a) => Checked(await StartAsync(m, a, false), "  File \"/usr/lib/python3.12/subprocess.py\", line 413, in check_call\n    raise CalledProcessError(retcode, cmd)\n").Members["returncode"]);
        subprocess.AddAsync("check_output", async (m, a) => Checked(await StartAsync(m, a, true), "  File \"/usr/lib/python3.12/subprocess.py\", line 466, in check_output\n    return run(*popenargs, stdout=PIPE, timeout=timeout, check=True,\n           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n" + CheckFailed).Members["stdout"]);
        subprocess.AddAsync("getoutput", async (m, a) => PythonEncoding.FromBytes(await CaptureAsync(m, ["sh", "-c", Word(a.Text(0))], m.Streams)).TrimEnd('\n'));
        subprocess.AddAsync("getstatusoutput", async (m, a) =>
        {
            string text = PythonEncoding.FromBytes(await CaptureAsync(m, ["sh", "-c", Word(a.Text(0))], m.Streams, isMerged: true)).TrimEnd('\n');
            return new PythonTuple([(BigInteger)m.State.Status, text]);
        });
        subprocess.AddAsync("run", async (m, a) =>
        {
            PythonObject process = await StartAsync(m, a, PythonOperators.IsTrue(a.Get(100, "capture_output")));
            PythonObject done = new(s_completed);
            foreach (string name in s_results)
            {
                done.Members[name] = process.Members[name];
            }

            done.Members["__repr_text__"] = $"CompletedProcess(args={PythonText.Represent(process.Members["args"])}, returncode={PythonText.Plain(process.Members["returncode"])}{(process.Members["stdout"] is { } output ? $", stdout={PythonText.Represent(output)}" : "")}{(process.Members["stderr"] is { } error ? $", stderr={PythonText.Represent(error)}" : "")})";
            return PythonOperators.IsTrue(a.Get(100, "check")) ? Checked(done, CheckFailed) : done;
        });
        subprocess.AddAsync("Popen", async (m, a) => await StartAsync(m, a, false, isProcess: true));
    }

    private static string Word(string text) => PythonEncoding.ToShellText(text);

    private static PythonObject Checked(PythonObject process, string library)
    {
        if (process.Members["returncode"] is BigInteger { IsZero: false } code)
        {
            PythonException error = PythonErrors.New(s_error, code, process.Members["args"]);
            error.Value.Members["args"] = new PythonTuple([$"Command {PythonText.Represent(process.Members["args"])} returned non-zero exit status {code}."]);
            (error.Value.Members["returncode"], error.Value.Members["output"], error.Value.Members["cmd"]) = (code, process.Members["stdout"], process.Members["args"]);
            error.Library = library;
            throw error;
        }

        return process;
    }

    private static async ValueTask<PythonObject> StartAsync(PythonMachine machine, CallArguments a, bool captures, bool isProcess = false)
    {
        object? given = a.Need(0, "args");
        bool isShell = PythonOperators.IsTrue(a.Get(100, "shell")), isText = PythonOperators.IsTrue(a.Get(100, "text")) || PythonOperators.IsTrue(a.Get(100, "universal_newlines")) || a.Get(100, "encoding") is not null;
        string[] words = given is string line ? isShell ? ["sh", "-c", Word(line)] : [Word(line)] : [.. (await machine.Calls.CollectAsync(given)).Select(word => word as string ?? (word is PythonObject { Native: string path } ? path : throw PythonErrors.Type($"expected str, bytes or os.PathLike object, not {PythonText.TypeName(word)}"))).Select(Word)];
        words = isShell && given is not string ? ["sh", "-c", words.FirstOrDefault("")] : words;
        int Kind(string name) => a.Get(100, name) is BigInteger number ? (int)number : 0;
        int output = captures ? Pipe : Kind("stdout"), error = captures && a.Get(100, "capture_output") is not null ? Pipe : Kind("stderr");
        ShellStreams streams = machine.Streams;
        using BufferOutput taken = new(MostOutput, machine.State.Budget.Memory), failed = new(MostOutput, machine.State.Budget.Memory);
        streams = output == Pipe ? streams with { Output = taken } : output == Nowhere ? streams with { Output = NoOutput.Instance } : streams;
        streams = error == Pipe ? streams with { Error = failed } : error == IntoOutput ? streams with { Error = streams.Output } : error == Nowhere ? streams with { Error = NoOutput.Instance } : streams;
        streams = a.Get(100, "input") is { } input ? streams with { Input = ShellInput.From(input as byte[] ?? PythonEncoding.ToShell(PythonText.Plain(input))) } : Kind("stdin") is Nowhere or Pipe ? streams with { Input = ShellInput.Empty } : streams;
        string folder = machine.State.Folder;
        if (a.Get(100, "cwd") is { } place)
        {
            machine.State.Folder = machine.Call.Files.Find(OsModule.Path(machine, PythonText.Plain(place))) is Files.FolderNode ? OsModule.Path(machine, PythonText.Plain(place)) : throw PythonErrors.System(2, PythonText.Plain(place));
        }

        int status = await RunAsync(machine, words, streams, given);
        machine.State.Folder = folder;
        PythonObject process = new(s_process);
        (process.Members["args"], process.Members["pid"]) = (given, (BigInteger)machine.State.Visit.Memory.NextProcess());
        object? Out(byte[] bytes) => isText ? PythonEncoding.FromBytes(bytes) : bytes;
        process.Members["returncode"] = (BigInteger)(status is > 128 and < 160 && !isShell ? 128 - status : status);
        (process.Members["stdout"], process.Members["stderr"]) = (output == Pipe ? Out(taken.ToArray()) : null, error == Pipe ? Out(failed.ToArray()) : null);
        if (isProcess)
        {
            (process.Members["__out"], process.Members["__err"]) = (process.Members["stdout"], process.Members["stderr"]);
            process.Members["stdout"] = output == Pipe ? PythonFile.OfContent("3", taken.ToArray(), !isText) : null;
            process.Members["stderr"] = error == Pipe ? PythonFile.OfContent("5", failed.ToArray(), !isText) : null;
            process.Members["stdin"] = Kind("stdin") == Pipe ? PythonFile.OfContent("4", [], !isText) : null;
        }

        return process;
    }

    private static PythonClass MakeProcess()
    {
        PythonClass type = new("Popen", [], "subprocess");
        void Add(string name, Func<PythonObject, object?> body) => type.Members[name] = new NativeFunction(name, (m, a) => new(body((PythonObject)a.Values[0]!)));
        Add("communicate", process => new PythonTuple([process.Members.GetValueOrDefault("__out"), process.Members.GetValueOrDefault("__err")]));
        Add("wait", process => process.Members["returncode"]);
        Add("poll", process => process.Members["returncode"]);
        Add("kill", process => null);
        Add("terminate", process => null);
        Add("__enter__", process => process);
        Add("__exit__", process => null);
        return type;
    }

    private static async ValueTask<byte[]> CaptureAsync(PythonMachine machine, string[] words, ShellStreams streams, bool isMerged = false)
    {
        using BufferOutput taken = new(MostOutput, machine.State.Budget.Memory);
        await RunAsync(machine, words, streams with { Output = taken, Error = isMerged ? taken : streams.Error });
        return taken.ToArray();
    }

    /// <summary>Runs a command in the shell of the machine, with the environment of the program.</summary>
    private static async ValueTask<int> RunAsync(PythonMachine machine, string[] words, ShellStreams streams, object? given = null)
    {
        const int deepest = 40;
        await machine.FlushAsync();
        if (words.Length == 0 || (words is not ["sh", ..] && !Exists(machine, words[0])))
        {
            PythonException missing = PythonErrors.System(2, words.Length == 0 ? "" : PythonEncoding.FromShell(words[0]));
            missing.Library = given is null ? "" : NotStarted;
            throw missing;
        }

        string[] changed = machine.Environment is not { } environment ? [] : [.. environment.Items.Where(item => item.Value is string value && !string.Equals(machine.State.Find((string)item.Key!), Word(value), StringComparison.Ordinal)).Select(item => Word($"{item.Key}={item.Value}"))];
        string folder = machine.State.Folder;
        if (++machine.State.Depth > deepest)
        {
            machine.State.Depth--;
            throw PythonErrors.System(28);
        }

        try
        {
            await machine.Call.Interpreter.CallAsync(changed.Length > 0 ? ["env", .. changed, .. words] : words, streams, machine.Cancellation);
        }
        catch (BrokenPipeException) when (streams.Output is BufferOutput)
        {
            machine.State.Status = 141;
        }
        finally
        {
            machine.State.Depth--;
            machine.State.Folder = folder;
        }

        return machine.State.Status;
    }

    private static bool Exists(PythonMachine machine, string name) =>
        name.Contains('/', StringComparison.Ordinal) ? machine.Call.Files.Find(machine.State.Path(name)) is Files.FileNode : machine.Call.Interpreter.FindProgram(name) is not null;
}
