using Blackwall.Client.Decisions;

namespace Blackwall.Cli.Connection;

/// <summary>All pages of a list of decisions.</summary>
internal static class AllDecisions
{
    /// <param name="call">The verb.</param>
    /// <param name="query">As in the API's description, without cursor and limit.</param>
    /// <exception cref="CliException">A page could not be had.</exception>
    public static async Task<List<Decision>> ListAsync(ApiCall call, string query)
    {
        List<Decision> all = [];
        string cursor = "";
        do
        {
            DecisionPage page = (await call.Api.Decisions.ListAsync($"{query}&limit=1000{cursor}".TrimStart('&'), call.Cancellation).Must()).Value!;
            all.AddRange(page.Items);
            cursor = page.NextCursor is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        }
        while (cursor.Length > 0);

        return all;
    }
}
