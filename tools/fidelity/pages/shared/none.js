// What a site loads from elsewhere and does not need to look as it does.
