namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Compares rows by their sort keys.</summary>
internal static class RowOrder
{
    public static int Compare(object?[] left, object?[] right, IReadOnlyList<(Expression Expression, bool Descending)> order)
    {
        for (int i = 0; i < order.Count; i++)
        {
            int compared = Values.Order(left[i], right[i]);
            if (compared != 0)
            {
                return order[i].Descending ? -compared : compared;
            }
        }

        return 0;
    }
}
