namespace Blackwall.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Json">Figures as JSON on standard output instead of the table.</param>
/// <param name="Quick">Fewer and shorter rounds: a look, no measurement.</param>
/// <param name="Only">Name of the one group to run; null: all.</param>
internal sealed record BenchOptions(bool Json, bool Quick, string? Only)
{
    public const string Usage = "usage: blackwall bench [kernel|api] [--json] [--quick] [--only programs|syn|live|throughput|policy|ban|attack|flows|rings|stages|verifier|idle|api|change]";

    /// <summary>Interleaved rounds of a figure.</summary>
    public int Rounds(int usual) => Quick ? Math.Max(3, usual / 3) : usual;

    /// <summary>Null: not understood.</summary>
    public static BenchOptions? Parse(IReadOnlyList<string> arguments)
    {
        BenchOptions options = new(Json: false, Quick: false, Only: null);
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "kernel" when i == 0:
                    break;
                case "api" when i == 0:
                    options = options with { Only = "api" };
                    break;
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--only" when i + 1 < arguments.Count:
                    options = options with { Only = arguments[++i] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
