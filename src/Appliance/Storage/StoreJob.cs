using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>One thing to write that somebody waits for. Its result is told when the transaction that holds it is in the store.</summary>
internal abstract class StoreJob
{
    /// <summary>Does the work inside the open transaction; a failure of the work alone is kept for who waits.</summary>
    public abstract void Run(StoreTransaction transaction);

    /// <summary>The transaction is in the store.</summary>
    public abstract void Written();

    /// <summary>Nothing of it is in the store.</summary>
    public abstract void Refused(StoreException why);
}

/// <inheritdoc cref="StoreJob"/>
internal sealed class StoreJob<T>(Func<StoreTransaction, T> work) : StoreJob
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Run(StoreTransaction transaction)
    {
        _failure = null;
        Database.Run(transaction.Connection, "SAVEPOINT job");
        try
        {
            _result = work(transaction);
        }
        catch (SqliteException failure) when (Database.IsOfTheDisk(failure))
        {
            // The whole transaction is lost with it.
            throw;
        }
        catch (Exception failure)
        {
            Database.Run(transaction.Connection, "ROLLBACK TO job");
            _failure = failure is SqliteException ? new StoreException(failure.Message, failure) : failure;
        }

        Database.Run(transaction.Connection, "RELEASE job");
    }

    public override void Written()
    {
        if (_failure is { } failure)
        {
            _done.TrySetException(failure);
        }
        else
        {
            _done.TrySetResult(_result!);
        }
    }

    public override void Refused(StoreException why) => _done.TrySetException(why);
}
