using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Connections;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>The streams of one command with its redirections (bash(1), REDIRECTION); files are closed when it ends.</summary>
internal sealed class Redirections(ShellState state, Expander expander, ICommandRunner commands)
{
    private const int FirstChosen = 10;

    private readonly List<FileOutput> _opened = [];
    private readonly List<Descriptor> _pipes = [];
    private readonly List<ConnectionIo> _connections = [];

    // Of the command, as those that were made before say.
    private ShellOutput? _error;

    /// <summary>Null: one failed; its error was written.</summary>
    public async ValueTask<ShellStreams?> ApplyAsync(IReadOnlyList<Redirection> redirections, CancellationToken cancellation)
    {
        ShellStreams streams = commands.Streams;
        foreach (Redirection redirection in redirections)
        {
            _error = streams.Error;
            if (await ApplyAsync(redirection, streams, cancellation) is not { } applied)
            {
                Close();
                return null;
            }

            streams = applied;
        }

        return streams;
    }

    /// <summary>The command has ended.</summary>
    public void Close()
    {
        foreach (FileOutput output in _opened)
        {
            state.OpenFiles.Close(output.File, state.Log);
        }

        _connections.ForEach(connection => connection.Close());
        Keep();
    }

    /// <summary>exec: they stay open, now as those of the shell.</summary>
    public void Keep()
    {
        _opened.Clear();
        _connections.Clear();
        foreach (Descriptor pipe in _pipes)
        {
            pipe.Input?.Release();
            pipe.Output?.Release();
        }

        _pipes.Clear();
    }

    private async ValueTask<ShellStreams?> ApplyAsync(Redirection redirection, ShellStreams streams, CancellationToken cancellation)
    {
        switch (redirection.Operator)
        {
            case "<<":
                string document = await expander.DocumentAsync(redirection.Target, cancellation);
                return Put(redirection, streams, new Descriptor(ShellInput.From(Encoding.Latin1.GetBytes(document)), null));
            case "<<<":
                string text = await expander.TextAsync(redirection.Target, cancellation) + "\n";
                return Put(redirection, streams, new Descriptor(ShellInput.From(Encoding.Latin1.GetBytes(text)), null));
        }

        string target;
        if (redirection.Operator is ">&" or "<&")
        {
            target = await expander.TextAsync(redirection.Target, cancellation);
            return await DuplicateAsync(redirection, target, streams, cancellation);
        }

        if (redirection is { Operator: "<" or ">" or ">>", Target.Parts: [ProcessPart process] } && process.IsInput == redirection.Operator is "<")
        {
            return await ConnectAsync(redirection, process, streams, cancellation);
        }

        List<string> words = await expander.WordsAsync([redirection.Target], cancellation);
        if (words.Count != 1)
        {
            await TellAsync($"{redirection.Target.Text}: ambiguous redirect", cancellation);
            return null;
        }

        target = words[0];
        if (redirection.Operator is "<")
        {
            return await OpenAsync(target, streams, cancellation) is { } input ? Put(redirection, streams, new Descriptor(input, null)) : null;
        }

        if (await CreateAsync(target, redirection.Operator, streams, cancellation) is not { } output)
        {
            return null;
        }

        if (redirection.Descriptor == -1)
        {
            return streams with { Output = output, Error = output };
        }

        return Put(redirection, streams, new Descriptor(output.Reader, output));
    }

    // < <( ... ) and > >( ... ): the command runs while it is read from, or written to.
    private async ValueTask<ShellStreams?> ConnectAsync(Redirection redirection, ProcessPart process, ShellStreams streams, CancellationToken cancellation)
    {
        if (expander.Attach(process) is not { } pipe)
        {
            await TellAsync("fork: retry: Resource temporarily unavailable", cancellation);
            return null;
        }

        Descriptor descriptor = process.IsInput ? new(pipe.Reader, null) : new(null, pipe.Writer);
        descriptor.Input?.Share();
        descriptor.Output?.Share();
        _pipes.Add(descriptor);
        return redirection.Descriptor == -1 ? streams with { Output = pipe.Writer, Error = pipe.Writer } : Put(redirection, streams, descriptor);
    }

    private ShellStreams Put(Redirection redirection, ShellStreams streams, Descriptor descriptor)
    {
        if (redirection.Variable is not { } name)
        {
            return streams.With(redirection.Descriptor, descriptor);
        }

        // {name}: stays open behind the command.
        int number = FirstChosen;
        while (streams.Others.ContainsKey(number))
        {
            number++;
        }

        state.Set(name, number.ToString(CultureInfo.InvariantCulture));
        commands.SetStreams(commands.Streams.With(number, descriptor));
        _opened.RemoveAll(output => ReferenceEquals(output, descriptor.Output));
        return streams.With(number, descriptor);
    }

    private async ValueTask<ShellStreams?> DuplicateAsync(Redirection redirection, string target, ShellStreams streams, CancellationToken cancellation)
    {
        if (redirection.Variable is { } unset && target is "-" && !int.TryParse(state.Get(unset), CultureInfo.InvariantCulture, out _))
        {
            await TellAsync($"{unset}: ambiguous redirect", cancellation);
            return null;
        }

        int number = redirection.Variable is { } name && int.TryParse(state.Get(name), CultureInfo.InvariantCulture, out int kept) ? kept : redirection.Descriptor;
        if (target is "-")
        {
            if (redirection.Variable is not null)
            {
                commands.SetStreams(commands.Streams.Without(number));
            }

            return streams.Without(number);
        }

        bool moves = target.EndsWith('-');
        if (!int.TryParse(target.TrimEnd('-'), NumberStyles.None, CultureInfo.InvariantCulture, out int source))
        {
            if (redirection is { Operator: ">&", Descriptor: 1, Variable: null } && target.Length > 0)
            {
                // >&$name is &>$name.
                return await CreateAsync(target, ">", streams, cancellation) is { } file ? streams with { Output = file, Error = file } : null;
            }

            await TellAsync($"{redirection.Target.Text}: ambiguous redirect", cancellation);
            return null;
        }

        if (streams.Get(source) is not { } descriptor)
        {
            await TellAsync($"{redirection.Target.Text}: Bad file descriptor", cancellation);
            return null;
        }

        ShellStreams made = Put(redirection, streams, descriptor);
        return moves && source != redirection.Descriptor ? made.Without(source) : made;
    }

    private async ValueTask<ShellInput?> OpenAsync(string target, ShellStreams streams, CancellationToken cancellation)
    {
        if (target.StartsWith("/dev/tcp/", StringComparison.Ordinal) || target.StartsWith("/dev/udp/", StringComparison.Ordinal))
        {
            return (await DialAsync(target, cancellation))?.Reader;
        }

        if (ShellStreams.Number(target) is { } number && streams.Get(number) is { Input: { } known })
        {
            return known;
        }

        state.OpenFiles.Flush(state.Log);
        string path = state.Path(target);
        FileError error = FileError.None;
        byte[] content = [];
        if (state.Files.Find(path) is { } node && !Access.MayRead(node, state.Visit.UserId))
        {
            error = FileError.NotPermitted;
        }
        else
        {
            error = state.Files.Read(path, out content);
        }

        if (error is FileError.None)
        {
            return state.Files.Find(path) is DeviceNode { IsEndless: true } device ? ShellInput.Endless(device.Read) : state.Files.Find(path) is FileNode ? ShellInput.FromFile(content) : ShellInput.From(content);
        }

        if (error is FileError.IsFolder)
        {
            // It opens, and reading fails.
            return ShellInput.Closed;
        }

        await TellAsync(state.IsDash ? $"cannot open {target}: {(error == FileError.NotFound ? "No such file" : error.Text())}" : target.Length == 0 ? ": No such file or directory" : $"{target}: {error.Text()}", cancellation);
        return null;
    }

    private async ValueTask<ShellOutput?> CreateAsync(string target, string operation, ShellStreams streams, CancellationToken cancellation)
    {
        if (target.StartsWith("/dev/tcp/", StringComparison.Ordinal) || target.StartsWith("/dev/udp/", StringComparison.Ordinal))
        {
            return await DialAsync(target, cancellation);
        }

        switch (target)
        {
            case "/dev/null":
                return operation is "<>" ? new NoOutput { Reader = ShellInput.Empty } : NoOutput.Instance;
            case "/dev/full":
                return new FullOutput();
            case "/dev/tty" when state.Io.Terminal is not null:
                return new PeerOutput(state.Io, isError: false);
        }

        if (ShellStreams.Number(target) is { } number && streams.Get(number) is { Output: { } known })
        {
            return known;
        }

        string path = state.Path(target);
        FileError error = Check(path, out string resolved, out bool exists);
        error = error == FileError.None && operation is ">" or ">|" && state.Files.Find(path).OnlyGrows() ? FileError.Protected : error;
        if (error == FileError.None && exists && operation is ">" && state.Has("noclobber") && state.Files.Find(path) is FileNode)
        {
            await TellAsync($"{target}: cannot overwrite existing file", cancellation);
            return null;
        }

        OpenFile? file = error == FileError.None ? state.OpenFiles.Open(state.Files, resolved, state.Visit.UserId, appends: operation is ">>" or "<>", 0x1B6 & ~state.FileMask) : null;
        if (file is null)
        {
            string why = error == FileError.None ? "Too many open files" : error.Text();
            await TellAsync(state.IsDash ? $"cannot create {target}: {(error == FileError.NotFound ? "Directory nonexistent" : why)}" : $"{target}: {why}", cancellation);
            return null;
        }

        ShellInput? reader = null;
        if (operation is "<>")
        {
            state.Files.Read(path, out byte[] content);
            reader = ShellInput.From(content);
        }

        FileOutput output = new(file) { Reader = reader };
        _opened.Add(output);
        return output;
    }

    private FileError Check(string path, out string resolved, out bool exists)
    {
        (resolved, exists) = (path, false);
        if (state.Files.Resolve(path, follow: true, out FileError error) is not { } place)
        {
            return error;
        }

        resolved = place.Path;
        exists = place.Node is not null;
        switch (place.Node)
        {
            case FolderNode:
                return FileError.IsFolder;
            case FileNode { Content: GeneratedContent } when state.Visit.UserId == 0:
                return FileError.None;
        }

        if (place.Node is null && FileSystem.KernelRefuses(place.Path, isFile: true) is { } refused)
        {
            return refused;
        }

        if (place.Node.IsFixed() || (place.Node is null && state.Files.Find(place.Path[..Math.Max(1, place.Path.LastIndexOf('/'))]).IsFixed()))
        {
            return FileError.Protected;
        }

        Node? governing = place.Node ?? state.Files.Find(place.Path[..Math.Max(1, place.Path.LastIndexOf('/'))]);
        return governing is null ? FileError.NotFound : Access.MayWrite(governing, state.Visit.UserId) ? FileError.None : FileError.NotPermitted;
    }

    private ValueTask TellAsync(string message, CancellationToken cancellation) => (_error ?? commands.Streams.Error).WriteAsync($"{state.Where}{message}\n", cancellation);

    // /dev/tcp/HOST/PORT. Null: there is no connection; why not was written.
    private async ValueTask<PeerOutput?> DialAsync(string target, CancellationToken cancellation)
    {
        state.Log.Record(new Observation(ObservationKinds.Download) { Name = "bash", Text = target });
        string[] parts = target.Split('/');
        string host = parts.ElementAtOrDefault(3) ?? "", service = parts.ElementAtOrDefault(4) ?? "";
        Attempt attempt = Dialer.Port(state, service) is { } port ? await Dialer.DialAsync(state, host, port, null, cancellation) : new Attempt(Reach.UnknownName, null, TimeSpan.Zero);
        if (attempt.Stream is { } stream)
        {
            ConnectionIo io = new(stream);
            _connections.Add(io);
            return new PeerOutput(io, isError: false) { Reader = ShellInput.From(io, state.Turns) };
        }

        if (attempt.Address is null)
        {
            await TellAsync(Dialer.Port(state, service) is null ? $"{service}: Servname not supported for ai_socktype" : $"{host}: {attempt.Error}", cancellation);
            await TellAsync($"{target}: Invalid argument", cancellation);
            return null;
        }

        await commands.Streams.Error.WriteAsync($"{state.Name}: connect: {attempt.Error}\n", cancellation);
        await TellAsync($"{target}: {attempt.Error}", cancellation);
        return null;
    }
}
