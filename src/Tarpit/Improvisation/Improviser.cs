using System.Net;
using System.Text;
using System.Text.Json;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Improvisation;

/// <summary>
/// Answers for programs of the machine that the shell does not know. A model says what they print, if there is one, if the command may be told to it, if it
/// answers in time, and if that could be the program's output; in every other case <see cref="PlainProgram"/> does. The same command in the same state
/// gives the same answer to everybody. Thread-safe.
/// </summary>
/// <param name="source">The model; null: there is none.</param>
internal sealed class Improviser(IImprovisationSource? source, ImprovisationLimits limits, TimeProvider time)
{
    private const int MostKept = 512;
    private const int MostVisitors = 1024;

    // Of an answer that is not a whole line yet, and of a piece of it.
    private const int LongestRest = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImprovisedAnswer> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Dictionary<IPAddress, (long Since, int Asked)> _visitors = [];

    /// <summary>Runs a program that the shell does not know; its exit code.</summary>
    public async ValueTask<int> RunAsync(Invocation invocation)
    {
        if (source is null || Compose(invocation) is not { } question)
        {
            return await PlainProgram.RunAsync(invocation);
        }

        ImprovisedAnswer answer = Find(question, invocation.State.Visit.Remote.Address);
        if (!await answer.IsUsable.WaitAsync(invocation.Cancellation))
        {
            return await PlainProgram.RunAsync(invocation);
        }

        int lines = 0, errors = 0;
        OutputGuard form = new(question);
        List<string> shown = [];
        await foreach (string line in answer.ReadAsync(invocation.Cancellation))
        {
            lines++;
            errors += form.IsError(line) ? 1 : 0;
            shown.Add(line);
            await (form.IsError(line) ? invocation.Streams.Error : invocation.Streams.Output).WriteAsync(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(line)) + "\n", invocation.Cancellation);
        }

        NamedFiles.Create(invocation, shown);
        return lines > 0 && errors == lines ? 1 : 0;
    }

    private static ImprovisationQuestion? Compose(Invocation invocation)
    {
        string program = invocation.Name.Split('/')[^1];
        if (!CommandShape.MayBeTold(program, invocation.Arguments))
        {
            return null;
        }

        Shell.ShellState state = invocation.State;
        IEnumerable<string> names = state.Files.Find(state.Folder) is Files.FolderNode folder ? folder.Entries.Keys : [];
        ImprovisationQuestion question = new(
            program,
            [.. invocation.Arguments],
            CommandShape.Classify(program, invocation.Arguments),
            state.Visit.UserName,
            state.Visit.Machine.HostName,
            state.Visit.Machine.Release,
            state.Visit.Machine.Kernel,
            CommandShape.IsPath(state.Folder) ? state.Folder : "/tmp",
            [.. names.Where(name => CommandShape.IsWord(name) && !Injection.InjectionDetector.Scan(name).IsFound).Take(ImprovisationQuestion.MostNames)]);
        return question.IsWithinBounds() ? question : null;
    }

    // Of a command that somebody asked before, or a new one. Who asked too much settles that this one has none: it must not change later.
    private ImprovisedAnswer Find(ImprovisationQuestion question, IPAddress visitor)
    {
        string key = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(question, ChannelJson.Default.ImprovisationQuestion));
        ImprovisedAnswer answer;
        bool isAsked;
        lock (_lock)
        {
            if (_answers.TryGetValue(key, out ImprovisedAnswer? known))
            {
                return known;
            }

            isAsked = MayAsk(visitor);
            if (_order.Count == MostKept)
            {
                _answers.Remove(_order.Dequeue());
            }

            _answers[key] = answer = new ImprovisedAnswer();
            _order.Enqueue(key);
        }

        if (isAsked)
        {
            // Others read it too: it has nothing to do with the share of the session that asked first.
            _ = Task.Run(() => FillAsync(question, answer), CancellationToken.None);
        }
        else
        {
            answer.End(isUsable: false);
        }

        return answer;
    }

    private bool MayAsk(IPAddress visitor)
    {
        long now = time.GetTimestamp();
        if (!_visitors.TryGetValue(visitor, out (long Since, int Asked) seen) || time.GetElapsedTime(seen.Since, now) > TimeSpan.FromMinutes(1))
        {
            if (_visitors.Count >= MostVisitors)
            {
                _visitors.Clear();
            }

            seen = (now, 0);
        }

        _visitors[visitor] = (seen.Since, seen.Asked + 1);
        return seen.Asked < limits.PerVisitor;
    }

    // Not tied to the session that asked: others read it too.
    private async Task FillAsync(ImprovisationQuestion question, ImprovisedAnswer answer)
    {
        using CancellationTokenSource whole = new(limits.Whole, time);
        using CancellationTokenSource first = new(limits.FirstLine, time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, first.Token);
        OutputGuard guard = new(question);
        StringBuilder rest = new();
        List<string> held = [];
        bool isStarted = false;
        try
        {
            await foreach (string piece in source!.AskAsync(question, end.Token))
            {
                if (rest.Length + piece.Length > LongestRest)
                {
                    return;
                }

                rest.Append(piece);
                while (TakeLine(rest) is { } line)
                {
                    if (!Show(line))
                    {
                        return;
                    }

                    if (!isStarted && answer.IsUsable.IsCompleted)
                    {
                        isStarted = true;
                        first.CancelAfter(Timeout.InfiniteTimeSpan);
                    }
                }
            }

            string last = rest.ToString().TrimEnd();
            bool isRight = last.Length == 0 || Show(last);

            // Nothing at all is what a program prints that has nothing to say.
            answer.End(isRight && guard.MayShow && question.Expected is OutputClass.Silent or OutputClass.Report);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // There is no answer, or no more of it.
        }
        finally
        {
            // Whatever happened, nobody waits for more. After an end that was reached before, this changes nothing.
            answer.End(isUsable: false);
        }

        bool Show(string line)
        {
            if (!guard.Passes(line))
            {
                return false;
            }

            held.Add(line);
            if (guard.MayShow)
            {
                held.ForEach(answer.Add);
                held.Clear();
            }

            return true;
        }
    }

    private static string? TakeLine(StringBuilder text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                string line = text.ToString(0, i).TrimEnd('\r', ' ');
                text.Remove(0, i + 1);
                return line;
            }
        }

        return null;
    }
}
