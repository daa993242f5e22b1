using Blackwall.Cli;
using Blackwall.Cli.Programs;

namespace Blackwall.Tests.Cli;

/// <summary>A shell without a terminal, an environment of its own, and programs that are only remembered.</summary>
internal static class TestShell
{
    public static Shell Of(TextWriter output, TextWriter error, TextReader? person = null, int? width = null, IReadOnlyDictionary<string, string>? environment = null, IProgramStarter? programs = null, TimeProvider? time = null) => new()
    {
        Out = () => output,
        Err = () => error,
        Person = () => person,
        Columns = () => width,
        Environment = name => environment?.GetValueOrDefault(name),
        Programs = programs ?? new RememberedPrograms(),
        Time = time ?? TimeProvider.System,
    };

    /// <summary>Runs one command without a person; its exit code, output and errors.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        StringWriter output = new(), error = new();
        int code = await CommandTree.RunAsync(arguments, Of(output, error), Xunit.TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>What would have taken the place of this program.</summary>
    internal sealed class RememberedPrograms : IProgramStarter
    {
        public string? Program { get; private set; }

        public IReadOnlyList<string> Arguments { get; private set; } = [];

        public int Become(string program, IReadOnlyList<string> arguments)
        {
            (Program, Arguments) = (program, arguments);
            return 0;
        }
    }
}
