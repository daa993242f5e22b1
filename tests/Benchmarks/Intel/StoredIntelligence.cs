using System.Globalization;
using Blackwall.Intel;
using Blackwall.Intel.Stix;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blackwall.Benchmarks.Intel;

/// <summary>A state folder whose database holds many indicators.</summary>
internal static class StoredIntelligence
{
    private const int Batch = 20_000;

    /// <summary>Objects that were written in a second.</summary>
    public static double Fill(string folder, int count)
    {
        Database database = new(Options.Create(new StorageOptions { StateFolder = folder, MaxMegabytes = 16_384 }), FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance);
        using SqliteConnection connection = database.OpenWriter();
        StixPublisher publisher = new(Guid.NewGuid(), "bench", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        IndicatorObjects objects = new(publisher, Tlp.Green);
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        long began = TimeProvider.System.GetTimestamp();
        for (int from = 0; from < count; from += Batch)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using (StixObjectWriterStore writer = new(new StoreTransaction(connection), start, 10))
            {
                for (int i = from; i < Math.Min(count, from + Batch); i++)
                {
                    string address = string.Create(CultureInfo.InvariantCulture, $"{11 + (i >> 24)}.{(i >> 16) & 255}.{(i >> 8) & 255}.{i & 255}");
                    Indicator indicator = new(IndicatorKind.Ipv4, address, "local", 0, start, start, start, start.AddHours(1), 90, ["brute-force"], start, start, 1, 1, start);
                    writer.Put(Collection.Local, objects.Of(indicator, isChanged: true, tellsSightings: false)[0]);
                }
            }

            transaction.Commit();
        }

        return count / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }
}
