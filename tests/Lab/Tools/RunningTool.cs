using System.Diagnostics;

namespace Blackwall.Lab.Tools;

/// <summary>A command at work. Disposing kills it with its children.</summary>
public sealed class RunningTool : IAsyncDisposable
{
    private const int OutputCapacity = 1 << 20;
    private static readonly TimeSpan s_killPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly BoundedText _output = new(OutputCapacity);
    private readonly BoundedText _errors = new(OutputCapacity);

    private RunningTool(Process process, Action<string>? onOutput, Action<string>? onErrors)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Take(e.Data, _output, onOutput);
        process.ErrorDataReceived += (_, e) => Take(e.Data, _errors, onErrors);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => _output.ToString();

    public string Errors => _errors.ToString();

    /// <summary>Starts a command without a shell.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Where it runs: tools leave files there.</param>
    /// <param name="environment">Variables added to this process's own.</param>
    /// <param name="onOutput">Called for each line, on a pool thread.</param>
    /// <param name="onErrors">Called for each line, on a pool thread.</param>
    /// <exception cref="ToolFailedException">The program could not be started.</exception>
    public static RunningTool Start(
        IReadOnlyList<string> command,
        string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onOutput = null,
        Action<string>? onErrors = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            WorkingDirectory = folder ?? "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        try
        {
            var tool = new RunningTool(new Process { StartInfo = start }, onOutput, onErrors);
            tool._process.Start();
            tool._process.StandardInput.Close();
            tool._process.BeginOutputReadLine();
            tool._process.BeginErrorReadLine();
            return tool;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ToolFailedException($"'{command[0]}' cannot be started ({e.Message}); run './blackwall setup'.", e);
        }
    }

    /// <summary>What its threads do at this moment, for a person.</summary>
    public string Threads => _process.HasExited ? "it has ended" : ThreadReport.Of(_process.Id);

    /// <summary>Waits for its end; kills it when the time is over, and adds to its errors what its threads waited for.</summary>
    public async Task<ToolResult> WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        var waiting = "";
        try
        {
            await _process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            waiting = ThreadReport.Of(_process.Id);
            await KillAsync();
            cancellation.ThrowIfCancellationRequested();
        }

        return new ToolResult(_process.ExitCode, Output, Errors + waiting, waiting.Length > 0);
    }

    /// <summary>Sends a signal and waits for the end; kills when that does not come in time.</summary>
    public async Task<ToolResult> StopAsync(Signal signal, TimeSpan patience)
    {
        Native.Send(_process.Id, signal, _process.HasExited);
        return await WaitAsync(patience, CancellationToken.None);
    }

    /// <summary>SIGKILL to it and its children, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        // The pipes may be held open by a grandchild that left the tree; the process itself being gone is enough.
        using var patience = new CancellationTokenSource(s_killPatience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (_process.HasExited)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static void Take(string? line, BoundedText into, Action<string>? listener)
    {
        if (line is not null)
        {
            into.AppendLine(line);
            listener?.Invoke(line);
        }
    }
}
