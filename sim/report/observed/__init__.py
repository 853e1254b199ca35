"""What an authority's own record shows: what people see of it, with small counts hidden."""
