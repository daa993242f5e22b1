using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Lab.Tools;

/// <summary>A terminal on another machine, at which somebody types as at a keyboard. Disposing kills the client.</summary>
public sealed partial class RemoteTerminal : IAsyncDisposable
{
    private const int MostCharacters = 1 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private readonly StringBuilder _screen = new();
    private int _lineStart;

    private RemoteTerminal(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>All that was shown so far, without the sequences that move the cursor or set colours; lines end with a line feed.</summary>
    public string Screen => Plain(0);

    /// <param name="command">The client, which asks for a terminal there.</param>
    /// <exception cref="ToolFailedException">No prompt came.</exception>
    public static async Task<RemoteTerminal> OpenAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        RemoteTerminal terminal = new(Process.Start(start)!);
        try
        {
            await terminal.PromptAsync(cancellation);
            return terminal;
        }
        catch
        {
            await terminal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types a command of one or more lines and waits for the next prompt.</summary>
    /// <returns>What it printed, the typed text not included.</returns>
    /// <exception cref="ToolFailedException">No prompt came after it.</exception>
    public async Task<string> TypeAsync(string command, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_gate)
        {
            _lineStart = _screen.Length;
        }

        await _process.StandardInput.WriteAsync((command + "\n").AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        await PromptAsync(cancellation);
        string shown = Plain(_lineStart);
        string[] lines = shown.Split('\n');
        int typed = command.Split('\n').Length;
        return string.Join('\n', lines.Skip(typed).SkipLast(1));
    }

    /// <summary>Logs out and waits for the client's end; its exit code.</summary>
    public async Task<int> LogOutAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteAsync("exit\n".AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        await _process.WaitForExitAsync(cancellation).WaitAsync(s_patience, TimeProvider.System, cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task PromptAsync(CancellationToken cancellation)
    {
        if (!await Tool.UntilAsync(() => Task.FromResult(_process.HasExited || Prompt().IsMatch(Plain(_lineStart))), s_patience, cancellation) || _process.HasExited)
        {
            throw new ToolFailedException($"No prompt came at the terminal: {Plain(_lineStart)}");
        }
    }

    private async Task ReadAsync(StreamReader from)
    {
        char[] buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            lock (_gate)
            {
                if (_screen.Length < MostCharacters)
                {
                    _screen.Append(buffer, 0, read);
                }
            }
        }
    }

    private string Plain(int from)
    {
        lock (_gate)
        {
            return Sequences().Replace(_screen.ToString(from, _screen.Length - from), "").Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"[a-z0-9]+@[a-z0-9-]+:[^\n]*[#$] $", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\e\][^\a]*\a|\e\[[0-9;?]*[A-Za-z]|\a", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sequences();
}
