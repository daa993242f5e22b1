using System.CommandLine;
using System.Globalization;
using System.Text;
using Blackwall.Cli.Tables;
using Blackwall.Client;

namespace Blackwall.Cli.Connection;

/// <summary>One verb under way: what was typed, the appliance, and where the answer goes.</summary>
internal sealed class ApiCall(ParseResult line, ApplianceClient api, Shell shell, ConnectionOptions connection, CancellationToken cancellation)
{
    public ParseResult Line => line;

    public ApplianceClient Api => api;

    public Shell Shell => shell;

    public CancellationToken Cancellation => cancellation;

    public bool Json { get; } = connection.Json(line);

    public DateTimeOffset Now => shell.Time.GetUtcNow();

    public TextWriter Output => shell.Output;

    /// <summary>The command line of another verb for the same appliance.</summary>
    public string Again(string verb) => $"{shell.Name} {verb}{connection.Typed(line)}";

    /// <summary>Copies bytes to where the shell sends standard output, which must be no terminal.</summary>
    /// <param name="why">Why not to a terminal, and where to instead.</param>
    /// <param name="verb">The command line of this verb.</param>
    /// <param name="file">A name for what comes.</param>
    /// <param name="copy">Copies it.</param>
    /// <exception cref="CliException">Standard output is a terminal, or it cannot be had.</exception>
    public async Task CopyAsync(string why, string verb, string file, Func<Stream, Task<Failure?>> copy)
    {
        if (shell.Width is not null)
        {
            throw new CliException(CliExit.BadUsage, $"{why}: {Again(verb)} > {file}");
        }

        await using Stream to = Console.OpenStandardOutput();
        if (await copy(to) is { } failure)
        {
            throw ApiAnswers.Failed(failure);
        }
    }

    /// <summary>Prints the answer: as it came for scripts, else as a person reads it.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public async Task<T> ShowAsync<T>(Task<Answer<T>> asked, Action<T> table)
        where T : class
    {
        Answer<T> answer = await asked.Must();
        if (Json)
        {
            Output.WriteLine(Encoding.UTF8.GetString(answer.Json.Span));
        }
        else
        {
            table(answer.Value!);
        }

        return answer.Value!;
    }

    /// <summary>A line for people, whatever an attacker wrote of it.</summary>
    public void Say(string sentence) => Output.WriteLine(PlainText.Clean(sentence));

    public void Print(Table table) => table.WriteTo(Output, shell.Width);

    /// <summary>A page of a list; where it goes on is said beside it.</summary>
    public void Page(Table table, string? nextCursor)
    {
        if (table.Rows == 0)
        {
            Output.WriteLine("Nothing.");
        }
        else
        {
            Print(table);
        }

        if (nextCursor is not null)
        {
            shell.Error.WriteLine($"There may be more: --cursor {nextCursor}");
        }
    }

    public void Section(string title, Table table)
    {
        if (table.Rows > 0)
        {
            Output.WriteLine();
            Output.WriteLine($"{title}:");
            Print(table);
        }
    }

    /// <summary>Asks for a yes; without a person to ask, no.</summary>
    public async Task<bool> ConfirmedAsync(string question)
    {
        if (shell.Input is not { } person)
        {
            return false;
        }

        Output.Write(question);
        await Output.FlushAsync(cancellation);
        return (await person.ReadLineAsync(cancellation))?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
